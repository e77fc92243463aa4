import { exitCodes, Failure } from '../../failure.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { goesOnUnwatched } from '../conclude.ts'
import { watching } from '../follow.ts'
import { updateEnds } from '../follow-update.ts'
import { standingDeployment, whereWords } from '../standing.ts'
import { type Call, needed, slotOf, type Verb } from '../verb.ts'

export const walk: Verb = {
  name: 'walk',
  form: '[DOMAIN] --service NAME [--slot production|staging] [--no-wait]',
  about:
    'Walks the next upgrade domain of a manual update, and waits until its instances are Ready at the new version.',
  options: { service: { type: 'string' }, slot: { type: 'string' }, 'no-wait': { type: 'boolean' } },
  words: [0, 1],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const where = whereWords(service, slot)
    const asked = domainOf(call)
    const fabric = openServiceManagement(call.api())
    const domain = asked ?? (await standingDeployment(fabric, service, slot)).upgrade?.domain
    if (domain === undefined)
      throw new Failure(
        `No update of ${service} is active in ${slot}. Begin one with: reddog upgrade PACKAGE ${where} --mode manual`,
      )
    const operation = await fabric.walkUpgradeDomain(service, slot, domain)
    if (goesOnUnwatched(call, service, operation, { domain })) return
    const { update } = await updateEnds(watching(call, fabric, service), { service, slot, operation }, () => true)
    call.terminal.line(
      `Domain ${domain} is walked. ${update ? `Next, domain ${update.domain}: reddog walk ${where}` : 'The update is complete.'}`,
    )
    call.terminal.object({ operation, domain, ...(update ? { nextDomain: update.domain } : {}) })
  },
}

/** Domains count from 0 (U-31). */
function domainOf({ words: [word] }: Call): number | undefined {
  if (word === undefined || /^\d{1,9}$/.test(word)) return word === undefined ? undefined : Number(word)
  throw new Failure(`"${word}" is no upgrade domain. Write its number, counted from 0.`, exitCodes.wrongUse)
}

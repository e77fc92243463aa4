import { base64OfText, canonicalBase64, textOfBase64 } from '../../front-end/contract/base64.ts'
import { deploymentDocument } from '../../front-end/contract/wire/deployment.ts'
import { planDocument } from '../../front-end/contract/wire/plan.ts'
import { progressDocument } from '../../front-end/contract/wire/progress.ts'
import {
  changeConfiguration,
  rollbackUpdateOrUpgrade,
  swap,
  upgradeDeployment,
  walkUpgradeDomain,
} from '../../front-end/contract/wire/update-requests.ts'
import type { Slot } from './answers.ts'
import { type Api, inWords } from './api.ts'
import { inSlot, type Read, read, unlessMissing } from './asking.ts'

/** Operations that bring instances to another version. Those that change something answer the request ID (O-1). */
export interface Updates {
  upgradeDeployment(service: string, slot: Slot, wanted: WantedUpgrade): Promise<string>
  /** What an upgrade would do; changes nothing. Takes as long as reading the package. */
  planUpgrade(service: string, slot: Slot, wanted: WantedUpgrade): Promise<Plan>
  walkUpgradeDomain(service: string, slot: Slot, domain: number): Promise<string>
  rollback(
    service: string,
    slot: Slot,
    wanted: { readonly mode: 'Auto' | 'Manual'; readonly force: boolean },
  ): Promise<string>
  changeConfiguration(service: string, slot: Slot, wanted: WantedConfiguration): Promise<string>
  /** Names of the deployments that are in the slots; no `production` when that slot is empty (D-18). */
  swap(service: string, names: { readonly production: string | undefined; readonly source: string }): Promise<string>
  /** The .cscfg in force, as text; undefined when the slot is empty or nothing was read yet. */
  configuration(service: string, slot: Slot): Promise<string | undefined>
  /** How far an update is; undefined when the slot is empty. */
  progress(service: string, slot: Slot): Promise<Progress | undefined>
}

export type UpdateMode = 'Auto' | 'Manual' | 'Simultaneous'
export type Plan = Read<typeof planDocument>
export type Progress = Read<typeof progressDocument>

/** A package of the largest size (600 MB, B-2) has been read by then. */
const planLimitMs = 300_000

export interface WantedUpgrade {
  readonly mode: UpdateMode
  readonly packageUrl: string
  /** Bytes of the .cscfg file. */
  readonly configuration: Uint8Array
  readonly label: string
  /** A single role; undefined: all of them. */
  readonly role: string | undefined
  readonly force: boolean
  readonly onFailure: 'hold' | 'rollback' | 'continue' | undefined
}

export interface WantedConfiguration {
  /** Bytes of the .cscfg file. */
  readonly configuration: Uint8Array
  readonly mode: UpdateMode
  readonly treatWarningsAsError: boolean
}

export function openUpdates(api: Api): Updates {
  const change = async (
    operation: 'UpgradeDeployment' | 'WalkUpgradeDomain' | 'RollbackUpdateOrUpgrade' | 'ChangeDeploymentConfiguration',
    service: string,
    slot: Slot,
    body: string,
  ) => (await api.send(operation, inSlot(service, slot), { body })).requestId

  return {
    upgradeDeployment: (service, slot, wanted) => change('UpgradeDeployment', service, slot, upgradeBody(wanted)),
    async planUpgrade(service, slot, wanted) {
      const asked = { body: upgradeBody(wanted), answerLimitMs: planLimitMs }
      const plan = read(await api.send('PlanUpgrade', inSlot(service, slot), asked), planDocument)
      return plan.refusal ? { ...plan, refusal: inWords(api, plan.refusal) } : plan
    },
    walkUpgradeDomain: (service, slot, upgradeDomain) =>
      change('WalkUpgradeDomain', service, slot, walkUpgradeDomain.write({ upgradeDomain })),
    rollback: (service, slot, wanted) =>
      change('RollbackUpdateOrUpgrade', service, slot, rollbackUpdateOrUpgrade.write(wanted)),
    changeConfiguration: (service, slot, wanted) =>
      change('ChangeDeploymentConfiguration', service, slot, configurationBody(wanted)),
    async swap(service, { production, source }) {
      const body = swap.write({ production, sourceDeployment: source })
      return (await api.send('SwapDeployment', { service }, { body })).requestId
    },
    async configuration(service, slot) {
      const answer = await unlessMissing(api.send('GetDeployment', inSlot(service, slot)))
      const base64 = answer && read(answer, deploymentDocument).configuration
      return base64 === undefined ? undefined : textOfBase64(base64)
    },
    async progress(service, slot) {
      const answer = await unlessMissing(api.send('GetProgress', inSlot(service, slot)))
      return answer && wordedProgress(api, read(answer, progressDocument))
    },
  }
}

/** Progress with its sentences in the terms of this client's users. */
function wordedProgress(api: Api, progress: Progress): Progress {
  const { update } = progress
  if (!update) return progress
  const { held, waitsFor } = update
  return { ...progress, update: { ...update, waitsFor: api.inWords(waitsFor), held: held && inWords(api, held) } }
}

function upgradeBody({ mode, packageUrl, configuration, label, role, force, onFailure }: WantedUpgrade): string {
  return upgradeDeployment.write({
    mode,
    packageUrl,
    configuration: canonicalBase64(configuration),
    label: base64OfText(label),
    roleToUpgrade: role,
    force,
    onFailure,
    extendedProperties: [],
  })
}

function configurationBody({ configuration, mode, treatWarningsAsError }: WantedConfiguration): string {
  return changeConfiguration.write({
    configuration: canonicalBase64(configuration),
    treatWarningsAsError,
    mode,
    extendedProperties: [],
  })
}

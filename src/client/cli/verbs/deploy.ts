import { randomBytes } from 'node:crypto'
import { openServiceManagement, type ServiceManagement } from '../../service-management/service-management.ts'
import { goesOnUnwatched } from '../conclude.ts'
import { operationEnds, readyAndAnswering, watching } from '../follow.ts'
import { configurationFor } from '../package-file.ts'
import type { Terminal } from '../terminal.ts'
import { packageOptions, withPackage, withUploadedPackage } from '../uploaded-package.ts'
import { type Call, flag, needed, option, slotOf, type Verb } from '../verb.ts'

export const deploy: Verb = {
  name: 'deploy',
  form: 'PACKAGE [CONFIGURATION] --service NAME [--slot production|staging] [--name NAME] [--label TEXT] [--overlay DIR|ZIP ...] [--ignore-findings] [--warnings-as-errors] [--no-start] [--no-wait]',
  about:
    'Deploys a .cspkg, a .csdef or a directory that holds ServiceDefinition.csdef, and waits until its instances are Ready.',
  options: {
    service: { type: 'string' },
    slot: { type: 'string' },
    name: { type: 'string' },
    label: { type: 'string' },
    ...packageOptions,
    'warnings-as-errors': { type: 'boolean' },
    'no-start': { type: 'boolean' },
    'no-wait': { type: 'boolean' },
  },
  words: [1, 2],
  async run(call) {
    const service = needed(call, 'service')
    const slot = slotOf(call)
    const [named = '', configurationNamed] = call.words
    const configuration = configurationFor(configurationNamed, named)
    const fabric = openServiceManagement(call.api())
    await withPackage(call, named, async (path) => {
      const made = await makeService(fabric, service, call.terminal)
      const deployed = withUploadedPackage(call, fabric, path, async (packageUrl) => {
        const name = option(call, 'name') ?? randomBytes(16).toString('hex')
        const label = option(call, 'label') ?? defaultLabel(service)
        const start = !flag(call, 'no-start')
        const treatWarningsAsError = flag(call, 'warnings-as-errors')
        const wanted = { name, packageUrl, label, configuration, start, treatWarningsAsError }
        const requestId = await fabric.createDeployment(service, slot, wanted)
        if (!goesOnUnwatched(call, service, requestId, { deployment: name }))
          await follow(call, fabric, { service, slot, name, requestId })
      })
      await deployed.catch(async (error: unknown) => {
        if (made) await unmakeService(fabric, service, call.terminal)
        throw error
      })
    })
  },
}

/** Service and time, where a version was given no label. */
export function defaultLabel(service: string): string {
  return `${service} ${new Date().toISOString().slice(0, 19)}Z`
}

/** Follows the deployment to Ready, or to Suspended with --no-start, and prints where it answers. */
async function follow(
  call: Call,
  fabric: ServiceManagement,
  made: { service: string; slot: 'Production' | 'Staging'; name: string; requestId: string },
): Promise<void> {
  const { terminal } = call
  const watch = watching(call, fabric, made.service)
  await operationEnds(watch, made.requestId)
  // At once: the instances may take long.
  terminal.warn((await fabric.progress(made.service, made.slot))?.warnings ?? [])
  if (flag(call, 'no-start')) {
    terminal.line(
      `${made.service} is deployed in ${made.slot} and suspended. Start it with: reddog resume --service ${made.service}`,
    )
    terminal.object({ operation: made.requestId, deployment: made.name, addresses: [], warnings: terminal.warned() })
    return
  }
  await readyAndAnswering(watch, made.service, made.slot, { operation: made.requestId })
}

/** Creates the cloud service when there is none of the name, with a line that says so. True when it was created. */
async function makeService(fabric: ServiceManagement, service: string, terminal: Terminal): Promise<boolean> {
  if (await fabric.service(service)) return false
  await fabric.createService(service)
  terminal.note(`Created the cloud service "${service}".`)
  return true
}

/** A service created for a refused deployment is deleted with it: bad input leaves no trace. */
async function unmakeService(fabric: ServiceManagement, service: string, terminal: Terminal): Promise<void> {
  const found = await fabric.service(service)
  if (!found || found.deployments.length > 0) return
  await fabric.deleteService(service, false)
  terminal.note(`Deleted the cloud service "${service}" again.`)
}

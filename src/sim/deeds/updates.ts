import type { FailurePolicy, UpdateMode } from '../../fabric/contract/commands.ts'
import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import { versionNumbered } from '../../fabric/controller/update/change.ts'
import { formNow } from '../form-now.ts'
import type { Behaviour } from '../guest/behaviour.ts'
import type { SimulatedService } from '../package.ts'
import type { World } from '../world.ts'
import { addressNames, anyDeployment, type Deed } from './deed.ts'

/** What users do with running deployments. */
export const updateDeeds: readonly Deed[] = [
  { weight: 16, run: upgrade },
  { weight: 10, run: configure },
  { weight: 14, run: walk },
  { weight: 5, run: rollBack },
  { weight: 5, run: swap },
  { weight: 3, run: deleteInstances },
  { weight: 2, run: removeBlob },
]

/** Programs of packages, most of them good. */
const programs: Readonly<Record<string, Partial<Behaviour>>> = {
  v2: {},
  v3: {},
  slow: { onStartMs: 40_000 },
  late: { onStartMs: 400_000, onStopMs: 20_000 },
  big: { unpackMs: 30_000 },
  bad: { failsOnStart: true },
}

const modes: readonly UpdateMode[] = ['Auto', 'Auto', 'Auto', 'Manual', 'Manual', 'Simultaneous']
const policies: readonly FailurePolicy[] = ['hold', 'hold', 'rollback', 'continue']

export function upgrade(world: World): string | undefined {
  const { random, frontEnd } = world
  const record = anyDeployment(world)
  const now = record && formNow(world, record)
  if (!record || !now) return undefined
  const program = random.pick(Object.keys(programs))
  world.programs.set(program, programs[program] ?? {})
  const form: SimulatedService = {
    ...now,
    program,
    ...(random.chance(0.2) && { roles: recounted(world, now) }),
    ...(random.chance(0.05) && { upgradeDomains: 7 }),
  }
  const mode = random.pick(modes)
  const onFailure = random.pick(policies)
  const role = random.chance(0.3) ? random.pick(form.roles).name : undefined
  frontEnd.send({
    kind: 'upgradeDeployment',
    deployment: { service: record.service, name: record.name },
    mode,
    role,
    onFailure,
    label: program,
    force: false,
    extendedProperties: {},
    ...world.pack(form),
  })
  return `upgrade ${record.name} to ${program}, ${mode}, ${onFailure}, ${role ?? 'all roles'}: ${wordsOf(form)}`
}

function configure(world: World): string | undefined {
  const { random, frontEnd } = world
  const record = anyDeployment(world)
  const now = record && formNow(world, record)
  if (!record || !now) return undefined
  const counted = random.chance(0.5) ? recounted(world, now) : now.roles
  const colour = random.pick(['blue', 'red', 'green'])
  const roles = counted.map((role) => ({
    ...role,
    ...(random.chance(0.5) && { colour }),
    ...(role.certificate && { certificate: random.pick(['A', 'B']) }),
  }))
  const form = {
    ...now,
    roles,
    osFamily: random.chance(0.1) ? 5 : now.osFamily,
    address: random.chance(0.05) ? random.pick(addressNames) : now.address,
  }
  const mode = random.pick(modes)
  frontEnd.send({
    kind: 'changeConfiguration',
    deployment: { service: record.service, name: record.name },
    configuration: world.pack(form).configuration,
    mode,
    treatWarningsAsError: false,
    extendedProperties: {},
  })
  return `configure ${record.name}, ${mode}: ${wordsOf(form)}`
}

function walk(world: World): string | undefined {
  const { random, controller, frontEnd } = world
  const updated = [...(controller.state()?.stored.deployment.values() ?? [])].filter(({ update }) => update)
  const record = updated.length === 0 ? undefined : random.pick(updated)
  if (!record?.update) return undefined
  const domain = random.chance(0.8) ? record.update.domain : random.between(-1, 6)
  frontEnd.send({ kind: 'walkUpgradeDomain', deployment: { service: record.service, name: record.name }, domain })
  return `walk domain ${domain} of ${record.name}`
}

function rollBack(world: World): string | undefined {
  const { random, frontEnd } = world
  const record = anyDeployment(world)
  if (!record) return undefined
  const mode = random.pick(['Auto', 'Auto', 'Manual'] as const)
  frontEnd.send({ kind: 'rollback', deployment: { service: record.service, name: record.name }, mode, force: false })
  return `roll back ${record.name}, ${mode}`
}

function swap({ controller, random, frontEnd }: World): string | undefined {
  const deployments = [...(controller.state()?.stored.deployment.values() ?? [])]
  const staged = deployments.filter(({ slot }) => slot === 'Staging')
  if (staged.length === 0) return undefined
  const { service, name } = random.pick(staged)
  const production = deployments.find((one) => one.service === service && one.slot === 'Production')?.name
  frontEnd.send({ kind: 'swap', service, production, source: name })
  return `swap ${service}`
}

function deleteInstances(world: World): string | undefined {
  const { random, controller, frontEnd } = world
  const record = anyDeployment(world)
  const all = [...(controller.state()?.stored.instance.values() ?? [])]
  const names = all.flatMap(({ deployment, name }) => (deployment === record?.id && random.chance(0.3) ? [name] : []))
  if (!record || names.length === 0) return undefined
  frontEnd.send({
    kind: 'deleteInstances',
    deployment: { service: record.service, name: record.name },
    instances: names,
  })
  return `delete ${names.join(', ')} of ${record.name}`
}

/** An accepted blob is not needed any more (U-67). */
function removeBlob(world: World): string | undefined {
  const record = anyDeployment(world)
  const form = record && formNow(world, record)
  if (!form) return undefined
  world.removeBlob(world.pack(form).packageUrl)
  return `remove the blob of ${record.name}`
}

/** The operator repairs what a storm may have left: updates that wait for the operator, and bad packages that still run. */
export function repair(world: World): readonly string[] {
  const { controller, frontEnd, clock } = world
  const broken = [...(controller.state()?.stored.deployment.values() ?? [])].filter(
    (record) => record.wanted !== 'Deleted' && !record.upgrading && !record.request && needsRepair(world, record),
  )
  return broken.flatMap((record) => {
    const now = formNow(world, record)
    if (!now) return []
    const program = `repaired${clock.now()}`
    frontEnd.send({
      kind: 'upgradeDeployment',
      deployment: { service: record.service, name: record.name },
      mode: 'Auto',
      label: program,
      force: false,
      extendedProperties: {},
      ...world.pack({ ...now, program }),
    })
    return [`repair ${record.name}`]
  })
}

function needsRepair({ programs: scripts, contentOf }: World, record: DeploymentRecord): boolean {
  const isBad = Object.values(versionNumbered(record, record.current).roots).some(
    ({ packageSha256 }) => scripts.get(contentOf(packageSha256)?.program ?? '')?.failsOnStart,
  )
  return isBad || record.update?.mode === 'Manual'
}

function recounted({ random }: World, { roles }: SimulatedService): SimulatedService['roles'] {
  return roles.map((role) => ({ ...role, instances: Math.max(1, role.instances + random.between(-2, 2)) }))
}

function wordsOf({ roles }: SimulatedService): string {
  return roles.map(({ name, instances, colour }) => `${instances} ${name}${colour ? ` in ${colour}` : ''}`).join(', ')
}

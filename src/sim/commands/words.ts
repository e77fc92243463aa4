import { parseDuration } from '../../kernel/timers.ts'
import type { Behaviour } from '../guest/behaviour.ts'
import type { SimulatedRole } from '../package.ts'

/** `8 Web at port 80`, `2 Worker of size Large in red`, `2 Web with certificate A`, `2 Web with 100 MB` of local storage, `2 Web with a foreground task`, `2 Web with a site`. */
export function roleOf(text: string): SimulatedRole {
  const form =
    /^(\d+) (\w+)(?: of size (\w+))?(?: at port (\d+))?(?: in (\w+))?(?: with certificate ([0-9A-F]))?(?: with (\d+) MB)?(?: with a (background|foreground) task)?( with a site)?$/
  const [, instances, name, size, port, colour, certificate, storage, beside, site] = form.exec(text) ?? []
  if (!instances || !name)
    throw new Error(`"${text}" is no role. Write it as "2 Worker of size Large at port 80 in red".`)
  return {
    name,
    instances: Number(instances),
    ...(size && { size }),
    ...(port && { httpPort: Number(port) }),
    ...(colour && { colour }),
    ...(certificate && { certificate }),
    ...(storage && { storageMB: Number(storage) }),
    ...(site && { hasSite: true }),
    ...(beside && { beside: beside as SimulatedRole['beside'] }),
  }
}

/** The roles, with the new words about some of them. */
export function rolesWith(former: readonly SimulatedRole[], text: string | undefined): readonly SimulatedRole[] {
  const said = text ? text.split(', ').map(roleOf) : []
  const added = said.filter(({ name }) => !former.some((role) => role.name === name))
  return [...former.map((role) => ({ ...role, ...said.find(({ name }) => name === role.name) })), ...added]
}

/** `well`, or some of `OnStart fails`, `ends after 3s`, `OnStop takes 20s`, `cancels changes`, `hangs` and the like, with ` and ` between them. */
export function behaviourOf(words: string): Partial<Behaviour> {
  return Object.assign({}, ...words.split(' and ').map(traitOf))
}

function traitOf(words: string): Partial<Behaviour> {
  const plain: Readonly<Record<string, Partial<Behaviour>>> = {
    well: {},
    'startup task fails': { taskFails: true },
    'OnStart fails': { failsOnStart: true },
    'cancels changes': { cancelsChanges: true },
    'is busy': { isBusy: true },
    hangs: { hangs: true },
    'disk is full': { diskIsFull: true },
  }
  const timed = {
    'ends after': 'endsAfterMs',
    'Run returns after': 'returnsAfterMs',
    'OnStart takes': 'onStartMs',
    'OnStop takes': 'onStopMs',
    'startup task takes': 'taskMs',
    'other task takes': 'besideMs',
  } as const
  const found = plain[words]
  if (found) return found
  const [, what = '', time] = /^(.+) (\S+)$/.exec(words) ?? []
  if (Object.hasOwn(timed, what)) return { [timed[what as keyof typeof timed]]: duration(time) }
  throw new Error(
    `"${words}" is no script. Write "${Object.keys(plain).join('", "')}", or a time after "${Object.keys(timed).join('", "')}".`,
  )
}

/** In milliseconds. */
export function duration(text = ''): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new Error(`"${text}" is no duration. Write 250ms, 2.5s, 10min or 1h.`)
  return ms
}

import type { Candidate } from '../controller.ts'
import type { Several } from '../several.ts'
import type { World } from '../world.ts'
import type { ScenarioCommand } from './scenario-command.ts'
import { toward } from './waiting.ts'

/** What happens to the machines of a fabric of several. `the master` is a name of the candidate that is it. */
export const candidateCommands: readonly ScenarioCommand[] = [
  { form: /^controllers$/, run: (world) => pictureOfCandidates(severalOf(world)) },
  {
    form: /^wait until there is a master$/,
    run: (world) => toward(world, () => severalOf(world).master() !== undefined),
  },
  { form: /^kill (the master|controller-\d+)$/, run: (world, [name]) => candidateOf(world, name).kill() },
  { form: /^start (controller-\d+)$/, run: (world, [name]) => candidateOf(world, name).start() },
  { form: /^stop (the master|controller-\d+)$/, run: (world, [name]) => candidateOf(world, name).pause() },
  { form: /^continue (controller-\d+)$/, run: (world, [name]) => candidateOf(world, name).resume() },
  { form: /^(the master|controller-\d+) resigns$/, run: (world, [name]) => candidateOf(world, name).resign() },
  {
    form: /^what (\S+) sends to (\S+) does not arrive$/,
    run: (world, [from = '', to = '']) => void severalOf(world).partitions.part(from, to, 'one'),
  },
  {
    form: /^part (\S+) from (\S+)$/,
    run: (world, [one = '', other = '']) => void severalOf(world).partitions.part(one, other, 'both'),
  },
  {
    form: /^cut off (machine-\d+(?: and machine-\d+)*)$/,
    run: (world, [names = '']) => void severalOf(world).partitions.cutOff(...names.split(' and ')),
  },
  { form: /^mend the network$/, run: (world) => severalOf(world).partitions.endAll() },
  {
    form: /^power (off|on) (machine-\d+)$/,
    run: (world, [what, name = '']) => severalOf(world).setPower(name, what === 'on'),
  },
  {
    form: /^(kill|start) (etcd-\d+)$/,
    run: (world, [what, name = '']) => severalOf(world).setMember(name, what === 'start' ? 'up' : 'down'),
  },
]

function severalOf({ several }: World): Several {
  if (!several) throw new Error('This fabric has one machine. Write "> building of … and 3 candidates".')
  return several
}

function candidateOf(world: World, name = ''): Candidate {
  const { candidates, master } = severalOf(world)
  const found = name === 'the master' ? master() : candidates.get(name)
  if (!found) throw new Error(`There is no ${name}. The candidates are ${[...candidates.keys()].join(', ')}.`)
  return found
}

/** Each as it sees itself, whatever the others think of it. */
function pictureOfCandidates({ candidates, master }: Several): readonly string[] {
  return [...candidates.values()].map((one) => {
    if (!one.runs()) return `${one.name} does not run`
    const words = one.state() ? `has epoch ${one.state()?.facts.epoch}` : 'stands by'
    return `${one.name} ${words}${one === master() ? ', is master' : ''}${one.isPaused() ? ', is stopped' : ''}`
  })
}

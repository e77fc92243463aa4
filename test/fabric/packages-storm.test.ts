/** Packages of several machines through anything: machines that die, come back, are removed, lose their disk, and masters that take over in the middle. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { array, constantFrom, assert as holds, oneof, property, tuple } from 'fast-check'
import type { Effect, Outcome } from '../../src/fabric/controller/action.ts'
import { decide } from '../../src/fabric/controller/decide.ts'
import { unknownOf, withHeld } from '../../src/fabric/controller/packages/packages-held.ts'
import { receive } from '../../src/fabric/controller/receive.ts'
import { settle } from '../../src/fabric/controller/settle.ts'
import { drop, keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import type { Candidate } from '../../src/fabric/package-store/package-peers.ts'
import { deployed } from './fabric.ts'

const fabric = deployed()
const used = 'sha'
const orphan = 'f'.repeat(64)
const names = ['m1', 'm2', 'm3', 'm4'] as const
type Name = (typeof names)[number]

const unknown = { computer: '', keys: '', token: '', certificates: [], joinedAt: 0, version: '1' }

/** A fabric of four candidates, of which m1 is master and alone has the package. */
function begin() {
  const disks = new Map<string, Set<string>>(names.map((name) => [name, new Set(name === 'm1' ? [used] : [])]))
  const living = new Set<string>(names)
  let master: Name = 'm1'
  let now = fabric.now
  let state = keep(
    fabric.state,
    ...names.map((name, number) =>
      put('machine', name, { ...unknown, name, number, address: `192.0.2.${number}`, controller: true }),
    ),
  )
  takeOver('m1')

  const inFabric = (name: string) => state.stored.machine.has(name)

  function takeOver(name: Name): void {
    master = name
    const cluster = { machine: name, version: '1', ports: { controller: 9443, etcdMembers: 2380 } }
    const observed = { ...state.observed, packageTroubles: state.observed.packageTroubles.clear() }
    state = withHeld({ ...state, facts: { ...state.facts, cluster }, observed }, name, [...diskOf(name)])
    // What a master does not know it drops when it begins.
    for (const one of diskOf(name)) if (!state.stored.package.has(one)) diskOf(name).delete(one)
  }

  function diskOf(name: string): Set<string> {
    return disks.get(name) as Set<string>
  }

  function perform(action: Effect, isHeard: boolean): Outcome {
    const reached = (one: Candidate) => living.has(one.name) && isHeard
    if (action.kind === 'sharePackage') {
      const holder = diskOf(master).has(used) ? action.to.find(reached)?.name : undefined
      if (holder) diskOf(holder).add(action.sha256)
      return { kind: 'shared', shared: { holder, refusals: [], silences: ['nobody'] } }
    }
    assert.ok(action.kind === 'bringPackage', action.kind)
    const from = action.from.find((one) => reached(one) && diskOf(one.name).has(action.sha256))?.name
    if (from) diskOf(master).add(action.sha256)
    return { kind: 'brought', brought: { from, failures: ['nobody'] } }
  }

  function act(isHeard = true, isRemembered = true): void {
    for (const action of decide(state, 'pool', now).actions) {
      const outcome = perform(action as Effect, isHeard)
      // A master that dies here has not written it down.
      if (isRemembered) state = settle(state, action as Effect, outcome, now).state
    }
  }

  function report(): void {
    for (const name of names.filter((one) => one !== master && living.has(one) && inFabric(one))) {
      const held = [...diskOf(name)]
      state = receive(state, { kind: 'packagesHeld', machine: name, held }, now).state
      for (const one of unknownOf(state, held)) diskOf(name).delete(one)
    }
  }

  return {
    act,
    report,
    takeOver: (name: Name) => living.has(name) && inFabric(name) && takeOver(name),
    die: (name: Name) => name !== master && living.delete(name),
    comeBack: (name: Name) => living.add(name),
    loseDisk: (name: Name) => diskOf(name).clear(),
    litter: (name: Name) => name !== master && diskOf(name).add(orphan),
    remove(name: Name) {
      const candidates = [...state.stored.machine.keys()].length
      if (name !== master && candidates > 2) state = keep(state, drop('machine', name))
    },
    pass: () => (now += 10_000),
    /** All are back, and have time. */
    calm() {
      for (const name of names) living.add(name)
      takeOver(master)
      for (let round = 0; round < 8; round += 1) {
        report()
        act()
        now += 10_000
      }
    },
    seen: (): { state: FabricState; truth: readonly string[]; master: string; litter: readonly string[] } => {
      const known = names.filter(inFabric)
      return {
        state,
        master,
        truth: known.filter((name) => diskOf(name).has(used)),
        litter: known.filter((name) => diskOf(name).has(orphan)),
      }
    },
    now: () => now,
  }
}

type Storm = ReturnType<typeof begin>
const anyName = constantFrom(...names)
const deed = oneof(
  tuple(constantFrom('act', 'report', 'pass', 'actUnheard', 'actAndDie'), anyName),
  tuple(constantFrom('takeOver', 'die', 'comeBack', 'loseDisk', 'litter', 'remove'), anyName),
)

function run(storm: Storm, [what, name]: readonly [string, Name]): void {
  if (what === 'actUnheard') storm.act(false)
  else if (what === 'actAndDie') storm.act(true, false)
  else storm[what as 'act'](...((what === 'act' || what === 'report' || what === 'pass' ? [] : [name]) as []))
}

it('when all is calm again, two machines hold a package that any still had, the master among them, and nothing else lies about', () => {
  holds(
    property(array(deed, { maxLength: 40 }), (deeds) => {
      const storm = begin()
      for (const one of deeds) run(storm, one)
      const had = storm.seen().truth.length > 0
      storm.calm()
      const { state, truth, master, litter } = storm.seen()
      assert.deepEqual(litter, [])
      assert.deepEqual(
        names.filter(
          (name) => state.stored.machine.has(name) && state.stored.package.get(used)?.holders?.includes(name),
        ),
        truth,
      )
      if (had)
        assert.ok(truth.includes(master) && truth.length >= 2, `held by ${truth.join()}, and ${master} is master`)
      assert.deepEqual(decide(state, 'pool', storm.now()).actions, [])
    }),
    { numRuns: 2_000 },
  )
})

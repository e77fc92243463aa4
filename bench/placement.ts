/** Placements a second on a pool of 1,000 hosts that fills up to 10,000 instances (goal of design.md 7: 4,000). */

import { type Candidate, place } from '../src/fabric/controller/places/placement.ts'
import { knownSize, noLoad, withInstance } from '../src/fabric/controller/state/load.ts'
import type { InstanceRecord } from '../src/fabric/controller/state/records/instance.ts'

const hostCount = 1_000
const instanceCount = 10_000
const perDeployment = Number(process.argv[2] ?? 10)
const size = knownSize('Small')
const pool = new Map<string, Candidate>()
for (let i = 0; i < hostCount; i++)
  pool.set(`host-${i}`, {
    name: `host-${i}`,
    faultDomain: i % 2,
    inService: true,
    cores: 16,
    memoryMB: 0,
    diskMB: 0,
    load: noLoad,
  })

let spentMs = 0
for (let placedCount = 0; placedCount < instanceCount; placedCount += perDeployment) {
  const wanted = Array.from({ length: perDeployment }, (_, index) => ({
    key: `Worker_IN_${index}`,
    role: 'Worker',
    size,
    upgradeDomain: (placedCount + index) % 5,
    faultDomain: (placedCount + index) % 2,
  }))
  const before = performance.now()
  const placed = place([...pool.values()], wanted)
  spentMs += performance.now() - before
  if (!placed) throw new Error('the pool is full')
  for (const { key, upgradeDomain } of wanted) {
    const host = pool.get(placed.get(key) as string) as Candidate & { readonly load: typeof noLoad }
    const load = withInstance(host.load, { size: size.id, upgradeDomain } as InstanceRecord, 1)
    pool.set(host.name, { ...host, load })
  }
}
const perSecond = Math.round(instanceCount / (spentMs / 1_000))
console.log(
  `${perSecond} placements a second: ${hostCount} hosts, ${instanceCount} instances, ${perDeployment} a deployment (goal: 4000)`,
)

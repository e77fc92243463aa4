/**
 * VIP swaps under load, there and back, until enough requests were made on kept-alive connections and on new ones:
 *
 *   node bench/swap.ts [least number of requests of each kind, 200000]
 *
 * Both slots hold four instances. Times are from the request to the API until its answer, which comes when both slots show
 * the new assignment, and until a new connection is answered by the other version. Needs Debian's wrk.
 */
import assert from 'node:assert/strict'
import { startFabric } from './fabric.ts'
import { addressesOf, answer, eachAnew, keptAlive, sum } from './load.ts'
import { managementOf } from './service-management.ts'
import { median } from './statistics.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const service = 'swap'
const least = Number(process.argv[2] ?? 200_000)

const fabric = await startFabric('--hosts', '2', '--cores', '16')
try {
  const make = (name: string) => makeVersion(fabric.dataDirectory, name, { instances: 4 }).directory
  const addresses = addressesOf(await fabric.run('deploy', make('1'), '--service', service, '--json'))
  await fabric.run('deploy', make('2'), '--service', service, '--slot', 'staging')
  const management = managementOf(fabric.dataDirectory)
  const kept = addresses.map(keptAlive)
  const anew = eachAnew(addresses)
  const times: { readonly answered: number; readonly served: number }[] = []
  while (anew.requests() < least) times.push(await swapOnce(`version ${2 - (times.length % 2)}`))
  const loaded = [sum(await Promise.all(kept.map((load) => load.stop()))), await anew.stop()]
  const most = (values: readonly number[]) =>
    `${median(values).toFixed(0)} ms, at most ${Math.max(...values).toFixed(0)} ms`
  console.log(`\n${times.length} swaps of four instances with four, two endpoints, under load`)
  console.log(`  until the API has answered       ${most(times.map(({ answered }) => answered))}`)
  console.log(`  until the other version answers  ${most(times.map(({ served }) => served))}`)
  for (const [ordinal, { failed, requests, faults }] of loaded.entries())
    console.log(
      `  failed, ${ordinal === 0 ? 'kept-alive' : 'new       '}               ${failed} of ${requests} ${faults.join('; ')}`,
    )
  if (loaded.some(({ failed }) => failed > 0)) process.exitCode = 1

  async function swapOnce(expected: string) {
    const names = await Promise.all(
      (['Production', 'Staging'] as const).map((slot) => management.deployment(service, slot)),
    )
    const [production, source] = names.map((deployment) => deployment?.name)
    assert.ok(source)
    const began = performance.now()
    const swapped = management.swap(service, { production, source }).then(() => performance.now() - began)
    while (!(await answer(addresses[0] as string)).startsWith(expected));
    const served = performance.now() - began
    return { answered: await swapped, served }
  }
} finally {
  await fabric.end()
}

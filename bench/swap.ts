/**
 * VIP swaps under load, there and back: `node bench/swap.ts [number of swaps, 20]`.
 *
 * Both slots hold four instances. The platform's time is from the request to the first answer of the other version on a new
 * connection; beside it what the command line needs, its own start included. Needs Debian's wrk.
 */
import { startFabric } from './fabric.ts'
import { answer, eachAnew, keptAlive } from './load.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const service = 'swap'
const swaps = Number(process.argv[2] ?? 20)

const fabric = await startFabric('--hosts', '2', '--cores', '16')
try {
  const [one, two] = ['1', '2'].map((name) => makeVersion(fabric.dataDirectory, name, { instances: 4 }).directory)
  const deployed = await fabric.run('deploy', one as string, '--service', service, '--json')
  await fabric.run('deploy', two as string, '--service', service, '--slot', 'staging')
  const [http = '', tcp = ''] = (JSON.parse(deployed) as { addresses: string[] }).addresses.map((address) =>
    address.replace(/^tcp:/, 'http:'),
  )
  const kept = keptAlive(http)
  const anew = eachAnew([http, tcp])
  const times: number[] = []
  const seen: number[] = []
  for (let round = 0; round < swaps; round++) {
    const other = round % 2 === 0 ? 'version 2' : 'version 1'
    const swapping = fabric.timed('swap', '--service', service)
    let changedAt: number | undefined
    while (changedAt === undefined) if ((await answer(http)).startsWith(other)) changedAt = performance.now()
    seen.push(changedAt)
    times.push((await swapping).ms)
  }
  const [keptAlive_, new_] = [await kept.stop(), await anew.stop()]
  console.log(times, seen, keptAlive_, new_)
} finally {
  await fabric.end()
}

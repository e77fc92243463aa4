/**
 * In-place upgrades of ten ASP.NET instances over five domains under load:
 *
 *   node bench/dotnet-upgrade.ts [least number of requests, 200000]
 *
 * One upgrade follows another until that many requests were made while instances were on the move. Each instance compiles its page anew with its version.
 * Load: `wrk` on kept-alive connections, and clients that open a connection for each request. Everything shares the machine. Needs Debian's wrk and Mono.
 * Goal (issue 11): none lost.
 */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startFabric } from './fabric.ts'
import { addressesOf, answer, eachAnew, keptAlive, sum } from './load.ts'
import { median } from './statistics.ts'

const [least = 200_000] = process.argv.slice(2).map(Number)

/** An answer must be there by then: the first page of each instance is compiled while others are (I-20). */
const limitMs = 30_000
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

const filesOf = (version: string) => ({
  'ServiceDefinition.csdef': `<ServiceDefinition name="Bench" upgradeDomainCount="5" xmlns="${schema}/ServiceDefinition"><WebRole name="Web" vmsize="Small">
    <Sites><Site name="Site" physicalDirectory="Web"><Bindings><Binding name="In" endpointName="In" /></Bindings></Site></Sites>
    <Endpoints><InputEndpoint name="In" protocol="http" port="80" /></Endpoints>
  </WebRole></ServiceDefinition>`,
  'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Bench" xmlns="${schema}/ServiceConfiguration"><Role name="Web"><Instances count="10" /></Role></ServiceConfiguration>`,
  'Web/default.aspx': `<%@ Page Language="C#" EnableSessionState="false" %><html><body>version <%= "${version}" %></body></html>`,
  'Web/web.config': '<configuration/>',
})

const fabric = await startFabric('--hosts', '2', '--cores', '16', '--timer', 'settleTime=1s')
try {
  const directories = ['one', 'two'].map((version) => {
    const directory = join(fabric.dataDirectory, version)
    for (const [name, text] of Object.entries(filesOf(version))) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
    return directory
  })
  const deployed = await fabric.run('deploy', directories[0] as string, '--service', 'bench', '--json')
  const [address = ''] = addressesOf(deployed)
  assert.match(await answer(address, limitMs), /version one/)
  const times: number[] = []
  let [kept, anew] = [sum([]), sum([])]
  while (kept.requests + anew.requests < least) {
    const loads = [keptAlive(address, limitMs), eachAnew([address], limitMs)] as const
    const next = directories[(times.length + 1) % 2] as string
    const { ms, exitCode, notes } = await fabric.timed('upgrade', next, '--service', 'bench')
    assert.equal(exitCode, 0, notes)
    times.push(ms)
    const [first, second] = await Promise.all(loads.map((load) => load.stop()))
    kept = sum([kept, first as typeof kept])
    anew = sum([anew, second as typeof anew])
    console.error(
      `upgrade ${times.length}: ${(ms / 1_000).toFixed(1)} s, ${kept.requests + anew.requests} requests so far`,
    )
  }
  console.log(
    `\nten ASP.NET instances, five domains, settle time 1s: ${(median(times) / 1_000).toFixed(1)} s, of ${times.length}`,
  )
  console.log(`lost: kept-alive ${kept.failed} of ${kept.requests}, new ${anew.failed} of ${anew.requests}`)
  for (const fault of [...kept.faults, ...anew.faults]) console.log(`    ${fault}`)
  if (kept.failed + anew.failed > 0) process.exitCode = 1
} finally {
  await fabric.end()
}

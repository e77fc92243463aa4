/** A web role as its users meet it, however guests are kept apart: its sites answer through the VIP, and its parts are where the original's are (issue 10). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { withoutMono } from '../role/dotnet/mono.ts'
import { accountsWithNamespaces, ordinary, rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { type House, makeHouse } from './house.ts'
import { startLoad } from './load.ts'

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

const definition = `<ServiceDefinition name="Web" xmlns="${schema}/ServiceDefinition"><WebRole name="Web" vmsize="ExtraSmall">
  <Sites>
    <Site name="Shop" physicalDirectory="shop">
      <VirtualApplication name="static" physicalDirectory="static" />
      <Bindings><Binding name="In" endpointName="In" /></Bindings>
    </Site>
    <Site name="Admin" physicalDirectory="admin">
      <Bindings><Binding name="In" endpointName="In" hostHeader="admin.example.com" /></Bindings>
    </Site>
  </Sites>
  <Startup>
    <Task commandLine="appcmd set config -section:applicationPools -applicationPoolDefaults.processModel.idleTimeout:00:00:00" executionContext="elevated" />
  </Startup>
  <Endpoints><InputEndpoint name="In" protocol="http" port="80" /></Endpoints>
  <Runtime><EntryPoint><NetFxEntryPoint assemblyName="role.mjs" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime>
  <ConfigurationSettings><Setting name="Colour" /></ConfigurationSettings>
</WebRole></ServiceDefinition>`

const configuration = (colour: string) =>
  `<ServiceConfiguration serviceName="Web" xmlns="${schema}/ServiceConfiguration"><Role name="Web"><Instances count="2" />
  <ConfigurationSettings><Setting name="Colour" value="${colour}" /></ConfigurationSettings></Role></ServiceConfiguration>`

/** As the templates of the SDK's tools have it: every URL is the program's, but those of files in `public`. */
const iisnode = `<configuration><system.webServer>
  <handlers><add name="iisnode" path="server.js" verb="*" modules="iisnode" /></handlers>
  <rewrite><rules>
    <rule name="static" stopProcessing="true"><match url="^(public|static)/.*" /><action type="None" /></rule>
    <rule name="old"><match url="^old/(.*)" /><action type="Redirect" url="new/{R:1}" /></rule>
    <rule name="app"><match url="/*" /><conditions><add input="{REQUEST_FILENAME}" matchType="IsFile" negate="true" /></conditions><action type="Rewrite" url="server.js" /></rule>
  </rules></rewrite>
</system.webServer></configuration>`

const files = (version: string): Readonly<Record<string, string>> => ({
  'ServiceDefinition.csdef': definition,
  'ServiceConfiguration.cscfg': configuration('red'),
  'Web/role.mjs': `import { RoleEnvironment } from 'reddog/runtime'
    export default {
      async onStart() {
        const [{ address, port }] = RoleEnvironment.currentRoleInstance.endpoints
        console.log('the site says: ' + (await (await fetch('http://' + address + ':' + port + '/from-on-start')).text()))
      },
      onStop() { console.log('the role stops') },
    }`,
  'shop/Web.config': iisnode,
  'shop/public/logo.svg': '<svg/>',
  'shop/server.js': `const { RoleEnvironment } = require('reddog/runtime')
    const colour = () => RoleEnvironment.getConfigurationSettingValue('Colour')
    let heard = 'nothing'
    RoleEnvironment.on('changed', () => (heard = colour()))
    require('http').createServer((req, res) => {
      if (req.url === '/die') process.exit(3)
      if (req.url === '/colour') return res.end([process.env.RoleInstanceID, colour(), heard].join(' '))
      res.end(['${version}', process.env.RoleInstanceID, req.url].join(' '))
    }).listen(process.env.PORT)`,
  'static/index.html': 'a page',
  'admin/index.html': 'the back office',
  'admin/Web.config': `<configuration><system.webServer><httpErrors><remove statusCode="404" />
    <error statusCode="404" path="lost.htm" /></httpErrors></system.webServer></configuration>`,
  'admin/lost.htm': 'nothing here',
})

function write(house: House, version: string): string {
  const directory = join(house.data, `web-${version}`)
  for (const [name, text] of Object.entries(files(version))) {
    mkdirSync(join(directory, name, '..'), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

const guests: readonly { isolation: string; skip: string | false; account?: number }[] = [
  ...rungs,
  ...(accountsWithNamespaces.includes(ordinary)
    ? [{ isolation: 'namespace', skip: false as const, account: ordinary }]
    : []),
]

for (const { isolation, skip, account } of guests)
  describe(`a web role in the ${isolation} driver${account === undefined ? '' : ' of an ordinary user'}`, {
    skip,
  }, () => {
    const house = makeHouse(['--isolation', isolation, '--timer', 'settleTime=300ms'], account)
    let address = ''
    before(() => house.up())
    after(() => house.dispose())

    const curl = (path: string, ...words: readonly string[]) =>
      execFileSync('curl', ['-s', '--max-time', '30', '-i', ...words, new URL(path, address).href], {
        encoding: 'utf8',
      })
    const logOf = async (name: string, instance = 'Web_IN_0') =>
      (await house.reddog('logs', instance, name, '--service', 'web')).stdout
    const webLog = () =>
      globSync('**/LogFiles/W3SVC1/u_ex*.log', { cwd: house.data })
        .map((file) => readFileSync(join(house.data, file), 'utf8'))
        .join('')

    it('is deployed, and its program answers under the URL that the client asked for (I-31, I-38, I-39)', async () => {
      const { code, stdout, stderr } = await house.reddog('deploy', write(house, 'v1'), '--service', 'web', '--json')
      assert.equal(code, 0, stderr)
      address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
      assert.match(curl('/cart?x=1'), /^HTTP\/1\.1 200 [^]*v1 Web_IN_\d \/cart\?x=1$/)
    })

    it('serves files, an application of its own directory, a site by its name, and a rule redirects (I-10, I-13, I-30)', () => {
      assert.match(curl('/public/logo.svg'), /Content-Type: image\/svg\+xml[^]*<svg\/>$/i)
      assert.match(curl('/static/'), /200 OK[^]*a page$/)
      assert.match(curl('/', '-H', 'Host: admin.example.com'), /the back office$/)
      assert.match(curl('/old/a'), /^HTTP\/1\.1 301 [^]*Location: \/new\/a\r/i)
      assert.match(curl('/web.config'), /^HTTP\/1\.1 404 /)
    })

    it('shows who comes by the VIP the error pages of a site, and no details (I-62)', () => {
      assert.match(curl('/lost', '-H', 'Host: admin.example.com'), /^HTTP\/1\.1 404 [^]*\r\n\r\nnothing here$/)
      assert.doesNotMatch(curl('/web.config'), /segment|404\.8/)
    })

    it('has its parts under their names, and logs where the original has them (table 4.1, I-15, I-20, I-35, G-8, G-9)', async () => {
      for (const name of ['W3SVC', 'WaIISHost', 'w3wp'])
        assert.ok(house.processes(name).length > 0, `no process is called ${name}`)
      assert.match(
        await logOf('IISConfigurator'),
        /IISConfigurator \/remove[^]*Done\.[^]*Site 1 Web_IN_0_Shop[^]*Site 2 Web_IN_0_Admin/,
      )
      assert.match(await logOf('WaIISHost'), /OnStart begins\.\n[^]*the site says: v1 Web_IN_0 \/from-on-start\n/)
      assert.match(await logOf('WaHostBootstrapper'), /cmd="IISConfigurator\.exe \/deploy" ended with exit code 0/)
      await until(() => webLog().includes('/cart'), 'the web log has the first request')
      const [line] = webLog().match(/^[^#\n]* \/cart .*$/m) ?? []
      assert.match(
        line ?? '',
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d W3SVC1 \S+ \S+ GET \/cart x=1 \d+ - 127\.0\.0\.1 HTTP\/1\.1 /,
      )
      const shown = await Promise.all(['Web_IN_0', 'Web_IN_1'].map((instance) => logOf('W3SVC1', instance)))
      assert.ok(shown.join('').includes(line ?? 'a line'), shown.join(''))
    })

    it('lives on when the program or w3wp dies: the next request is served (I-23, I-31)', async () => {
      assert.match(curl('/die'), /iisnode encountered an error/)
      assert.match(curl('/alive'), /v1 Web_IN_\d \/alive$/)
      for (const pid of house.processes('w3wp')) process.kill(pid, 'SIGKILL')
      await until(() => /v1 Web_IN_\d \/again$/.test(curl('/again')), 'it answers again')
    })

    it('has its programs behind iisnode hear of changed settings, and tells those that start later (I-16)', async () => {
      const isSaid = (said: string) =>
        until(() => curl('/colour').endsWith(`Web_IN_0 ${said}`) && curl('/colour').endsWith(`Web_IN_1 ${said}`), said)
      await isSaid('red nothing')
      const file = join(house.data, 'blue.cscfg')
      writeFileSync(file, configuration('blue'))
      const { code, stderr } = await house.reddog('config', file, '--service', 'web')
      assert.equal(code, 0, stderr)
      await isSaid('blue blue')
      for (const pid of house.processes('w3wp')) process.kill(pid, 'SIGKILL')
      await isSaid('blue nothing')
    })

    it('is upgraded without losing a request (issue 10, 8)', async () => {
      const load = startLoad(new URL('/load', address).href)
      const { code, stderr } = await house.reddog('upgrade', write(house, 'v2'), '--service', 'web')
      const faults = await load.stop()
      assert.equal(code, 0, stderr)
      assert.deepEqual(faults, [])
      assert.ok(load.answered() > 0)
      assert.match(curl('/now'), /v2 Web_IN_\d \/now$/)
    })

    it('leaves nothing behind', async () => {
      const { code, stderr } = await house.reddog('delete', '--service', 'web')
      assert.equal(code, 0, stderr)
      await until(
        () => ['W3SVC', 'WaIISHost', 'w3wp'].every((name) => house.processes(name).length === 0),
        'all have ended',
      )
    })
  })

describe('a web role without Sites', () => {
  const house = makeHouse(['--timer', 'settleTime=300ms'])
  before(() => house.up())
  after(() => house.dispose())

  it('serves approot in one process, and is started again when that dies (I-21, I-22)', async () => {
    const directory = join(house.data, 'hosted')
    const hosted = {
      'ServiceDefinition.csdef': definition.replace(/<Sites>[^]*<\/Startup>/, ''),
      'ServiceConfiguration.cscfg': configuration('red'),
      'Web/role.mjs': 'export default { onStart() { console.log("the role starts") } }',
      'Web/index.html': 'hosted',
    }
    for (const [name, text] of Object.entries(hosted)) {
      mkdirSync(join(directory, name, '..'), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
    const { code, stdout, stderr } = await house.reddog('deploy', directory, '--service', 'hosted', '--json')
    assert.equal(code, 0, stderr)
    const [address = ''] = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses
    const answer = () => execFileSync('curl', ['-s', '--max-time', '30', address], { encoding: 'utf8' })
    assert.equal(answer(), 'hosted')
    const log = await house.reddog('logs', 'Web_IN_0', 'WaWebHost', '--service', 'hosted')
    assert.match(log.stdout, /the role starts/)
    const [first = 0] = house.processes('WaWebHost')
    process.kill(first, 'SIGKILL')
    await until(
      () => house.processes('WaWebHost').length === 2 && !house.processes('WaWebHost').includes(first),
      'it runs again',
    )
    await until(() => answer() === 'hosted', 'it answers again')
  })

  it('serves ASP.NET beside its entry point of .NET, and ends with it (I-18, I-21)', {
    skip: withoutMono,
  }, async () => {
    const directory = join(house.data, 'dotnet/examples/web')
    cpSync('examples/dotnet-web', directory, { recursive: true })
    symlinkSync(resolve('src'), join(house.data, 'dotnet/src'))
    const definitionFile = join(directory, 'ServiceDefinition.csdef')
    writeFileSync(definitionFile, readFileSync(definitionFile, 'utf8').replace(/<Sites>[^]*<\/Sites>/, ''))
    writeFileSync(join(directory, 'source/web-role.cs'), webRole)
    execFileSync('sh', [join(directory, 'build.sh')])
    const { code, stdout, stderr } = await house.reddog('deploy', directory, '--service', 'dotnet', '--json')
    assert.equal(code, 0, stderr)
    const [address = ''] = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses
    const ask = (path: string) =>
      execFileSync('curl', ['-s', '--max-time', '30', new URL(path, address).href], { encoding: 'utf8' })
    const log = async () => (await house.reddog('logs', 'Web_IN_0', 'WaWebHost', '--service', 'dotnet')).stdout
    assert.match(ask('/Default.aspx'), /Good day/)
    assert.match(ask('/instance.ashx'), /^Web_IN_[01]$/)
    assert.match(await log(), /the role of \.NET starts/)
    const stop = await house.reddog('instance', 'reboot', 'Web_IN_0', '--service', 'dotnet')
    assert.equal(stop.code, 0, stop.stderr)
    await until(
      async () => /the role of \.NET stops[^]*the role of \.NET starts/.test(await log()),
      'it has stopped and started',
    )
  })
})

/** An entry point that nobody names. */
const webRole = `using System; using Microsoft.WindowsAzure.ServiceRuntime;
public class WebRole : RoleEntryPoint {
  public override bool OnStart() { Console.WriteLine("the role of .NET starts"); return true; }
  public override void OnStop() { Console.WriteLine("the role of .NET stops"); }
}`

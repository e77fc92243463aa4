/** The machine key of a web role: that of all its instances in one deployment, and of nobody else (I-14). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, globSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { withoutMono } from '../role/dotnet/mono.ts'
import { until } from '../until.ts'
import { makeHouse } from './house.ts'

const house = makeHouse(['--timer', 'settleTime=300ms'])
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

const role = (name: string, port: number, sites: string) => `<WebRole name="${name}" vmsize="ExtraSmall">${sites}
  <Endpoints><InputEndpoint name="In" protocol="http" port="${port}" /></Endpoints></WebRole>`

const page = (code: string) => `<%@ Page Language="C#" %><% ${code} %>`

const files: Readonly<Record<string, string>> = {
  'ServiceDefinition.csdef': `<ServiceDefinition name="Shop" xmlns="${schema}/ServiceDefinition">
    ${role('Web', 80, '<Sites><Site name="Web"><Bindings><Binding name="In" endpointName="In" /></Bindings></Site></Sites>')}
    ${role('Hosted', 81, '')}</ServiceDefinition>`,
  'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Shop" xmlns="${schema}/ServiceConfiguration">
    <Role name="Web"><Instances count="2" /></Role><Role name="Hosted"><Instances count="1" /></Role></ServiceConfiguration>`,
  'Hosted/index.html': 'a page',
  'Web/index.html': 'a page',
  'Web/Web.config':
    '<configuration><system.web><authentication mode="Forms"/><customErrors mode="Off"/></system.web></configuration>',
  'Web/in.aspx': page('FormsAuthentication.SetAuthCookie("ada", false);'),
  'Web/who.aspx': page(
    'Response.Write(Environment.GetEnvironmentVariable("RoleInstanceID") + " " + User.Identity.Name);',
  ),
  'Web/form.aspx': `<%@ Page Language="C#" %><script runat="server">
    void Page_Load() { if (!IsPostBack) ViewState["kept"] = "of old"; else Shown.Text = Environment.GetEnvironmentVariable("RoleInstanceID") + " " + (string) ViewState["kept"]; }
    </script><form runat="server"><asp:Label id="Shown" runat="server"/></form>`,
}

/** What the user brings, outside of the house, in which keys are looked for. */
const brought = `${house.data}-web`

/** The keys of guests, by the deployment ID and role in their own settings. */
function keys(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const path of keyFiles()) {
    const root = path.slice(0, path.indexOf('/d/Windows/'))
    const { key } = JSON.parse(readFileSync(join(root, 'guest.json'), 'utf8')) as { key: string }
    const whose = key.replace(/_IN_\d+$/, '')
    found.set(whose, [...(found.get(whose) ?? []), readFileSync(path, 'utf8')])
  }
  return found
}

const filesNamed = (name: string) => globSync(`**/inetsrv/config/${name}`, { cwd: house.data })
const keyFiles = () => filesNamed('machine.key').map((path) => join(house.data, path))

async function deploy(slot: string): Promise<string> {
  const words = ['deploy', brought, '--service', 'shop', '--slot', slot, '--json']
  const { code, stdout, stderr } = await house.reddog(...words)
  assert.equal(code, 0, stderr)
  return (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
}

/** The body or head that curl shows. While both instances start again at once, as after a test that ends both, the VIP refuses. */
const curl = (address: string, path: string, ...words: readonly string[]) =>
  execFileSync('curl', ['-s', '--max-time', '60', ...retrying, ...words, new URL(path, address).href], {
    encoding: 'utf8',
  })
const retrying = ['--retry', '9', '--retry-delay', '1', '--retry-all-errors']

/** What each of the two instances at the address answers. */
async function answersOfBoth(ask: () => string): Promise<readonly string[]> {
  const answers = new Map<string, string>()
  await until(() => {
    const answer = ask()
    answers.set(/Web_IN_\d/.exec(answer)?.[0] ?? answer, answer)
    return answers.size === 2
  }, 'both instances have answered')
  return [...answers.values()].sort()
}

describe('the machine key of a web role', () => {
  let address = ''
  before(async () => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(brought, name, '..'), { recursive: true })
      writeFileSync(join(brought, name), text)
    }
    // As `--data` is by default: guests have accounts of their own only where these may pass.
    chmodSync(house.data, 0o755)
    await house.up()
  })
  after(async () => {
    await house.dispose()
    rmSync(brought, { recursive: true, force: true })
  })

  it('is that of all its instances in one deployment; another role and another deployment have another (I-14)', async () => {
    address = await deploy('production')
    await deploy('staging')
    const all = [...keys()]
    assert.deepEqual(all.map(([whose, found]) => `${whose.split('.')[1]} ${found.length}`).sort(), [
      'Hosted 1',
      'Hosted 1',
      'Web 2',
      'Web 2',
    ])
    for (const [whose, found] of all) assert.equal(new Set(found).size, 1, whose)
    assert.equal(new Set(all.flatMap(([, found]) => found)).size, 4)
  })

  it('stands in the files of its guests alone, which nobody else may read: in no log, no store, no goal', () => {
    const digits = [...keys().values()].flat()
    const texts = [...digits.map((one) => one.slice(0, 64)), ...digits.map((one) => one.slice(-64))]
    const holds = (content: string) => texts.some((text) => content.includes(text))
    const found = globSync('**', { cwd: house.data })
      .map((path) => join(house.data, path))
      .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())
      .filter((path) => holds(readFileSync(path, 'latin1').toLowerCase()))
    const wanted = [...keyFiles(), ...filesNamed('applicationHost.config').map((path) => join(house.data, path))]
    assert.deepEqual(found.sort(), wanted.sort())
    assert.equal(found.length, 10)
    for (const path of found) assert.equal(statSync(path).mode & 0o777, 0o600, path)
  })

  it('is there for a role that starts again while no host agent and no controller answer', async () => {
    const stopped = ['HostAgent', 'FabricController'].flatMap((title) => house.processes(title))
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    try {
      const before = house.processes('W3SVC')
      for (const pid of before) process.kill(pid, 'SIGKILL')
      const isNew = (pid: number) => !before.includes(pid)
      await until(() => house.processes('W3SVC').filter(isNew).length === before.length, 'each is started again')
      const page = () => curl(address, '/')
      await until(() => page() === 'a page', 'the site answers')
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT')
    }
  })

  it('has each instance take the cookies and the view state of the other, until a swap (I-14, Q-11)', {
    skip: withoutMono,
  }, async () => {
    const [, cookie = ''] = /set-cookie: (\.ASPXAUTH=[^;]+)/i.exec(curl(address, '/in.aspx', '-i')) ?? []
    const who = () => curl(address, '/who.aspx', '-H', `Cookie: ${cookie}`)
    assert.deepEqual(await answersOfBoth(who), ['Web_IN_0 ada', 'Web_IN_1 ada'])
    const fields = [...curl(address, '/form.aspx').matchAll(/name="(__\w+)"[^>]* value="([^"]*)"/g)]
    const posted = fields.flatMap(([, name, value]) => ['--data-urlencode', `${name}=${value}`])
    const shown = await answersOfBoth(() => curl(address, '/form.aspx', ...posted))
    for (const answer of shown) assert.match(answer, />Web_IN_\d of old</)

    const { code, stderr } = await house.reddog('swap', '--service', 'shop')
    assert.equal(code, 0, stderr)
    await until(async () => (await answersOfBoth(who)).join() === 'Web_IN_0 ,Web_IN_1 ', 'nobody is signed in any more')
  })
})

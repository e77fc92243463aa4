/** A real w3wp with real processes of Mono behind it. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { until } from '../../until.ts'
import { type Seen, startWorker } from '../w3wp/worker.ts'
import { application, aspNetSites, config, handler, page } from './asp-net-sites.ts'
import { compiled, withoutMono } from './mono.ts'

const all = '<modules runAllManagedModulesForAllRequests="true"/>'

const cookieOf = ({ headers }: Seen, name: string) =>
  headers['set-cookie']?.find((one) => one.startsWith(`${name}=`))?.split(';')[0] ?? ''

describe('ASP.NET in w3wp', { skip: withoutMono }, () => {
  const serving = aspNetSites()

  it('answers with a page, which sees the client and its URL, under any case of its name', async () => {
    const code =
      'Response.Write(Request.UserHostAddress + " " + Request.RawUrl + " " + Request.Path + Request.PathInfo);'
    await serving({ 'Sub/Default.aspx': page(code) }, async ({ ask }) => {
      assert.equal((await ask('/Sub/?a=%20b')).body, '203.0.113.7 /Sub/?a=%20b /Sub/Default.aspx')
      assert.equal((await ask('/sub/default.ASPX')).body, '203.0.113.7 /sub/default.ASPX /Sub/Default.aspx')
      assert.equal(
        (await ask('/Sub/Default.aspx/x/y')).body,
        '203.0.113.7 /Sub/Default.aspx/x/y /Sub/Default.aspx/x/y/x/y',
      )
      assert.equal((await ask('/none.aspx')).status, 404)
    })
  })

  it('finds what a page names in another case', async () => {
    const master = '<%@ Master Language="C#" %><b><asp:ContentPlaceHolder id="c" runat="server"/></b>'
    const files = {
      'Site.Master': master,
      'a.aspx':
        '<%@ Page MasterPageFile="~/site.master" %><asp:Content ContentPlaceHolderID="c" runat="server">in it</asp:Content>',
    }
    await serving(files, async ({ ask }) => assert.match((await ask('/a.aspx')).body, /<b>in it<\/b>/))
  })

  it('finds libraries and their translations in another case (I-44)', async () => {
    const code =
      'Response.Write(typeof(Lib).Assembly.GetSatelliteAssembly(new System.Globalization.CultureInfo("de")).GetName().CultureName);'
    await serving({ 'a.aspx': page(code) }, async ({ ask, directoryOf }) => {
      const bin = join(directoryOf(1), 'BIN')
      mkdirSync(join(bin, 'DE'), { recursive: true })
      writeFileSync(join(bin, 'Lib.DLL'), compiled('Lib', 'public class Lib {}'))
      const translation = compiled('Lib.resources', '[assembly: System.Reflection.AssemblyCulture("de")]')
      writeFileSync(join(bin, 'DE/lib.Resources.dll'), translation)
      assert.equal((await ask('/a.aspx')).body, 'de')
    })
  })

  it('finds the files that a configuration names, by a path of Windows and in another case (I-44)', async () => {
    const files = {
      'conf/settings.config': '<appSettings><add key="k" value="of a file"/></appSettings>',
      'Web.config': '<configuration><appSettings configSource="Conf\\Settings.config"/></configuration>',
      'a.aspx': page('Response.Write(System.Configuration.ConfigurationManager.AppSettings["k"]);'),
    }
    await serving(files, async ({ ask }) => assert.equal((await ask('/a.aspx')).body, 'of a file'))
  })

  it('takes bodies of known and unknown length, and sends what is flushed and what is long', async () => {
    const files = {
      'up.ashx': handler(
        'Up',
        'context.Response.Write(new System.IO.StreamReader(context.Request.InputStream).ReadToEnd().Length);',
      ),
      'parts.ashx': handler(
        'Parts',
        'context.Response.BufferOutput = false; for (var i = 0; i < 3; i++) { context.Response.Write(i); context.Response.Flush(); }',
      ),
      'file.ashx': handler('Sent', 'context.Response.TransmitFile(context.Server.MapPath("~/LONG.bin"));'),
      'long.bin': 'x'.repeat(1_000_000),
    }
    await serving(files, async ({ ask }) => {
      const body = 'y'.repeat(200_000)
      assert.equal((await ask('/up.ashx', { method: 'POST', body })).body, '200000')
      const headers = { 'transfer-encoding': 'chunked' }
      assert.equal((await ask('/up.ashx', { method: 'POST', body, headers })).body, '200000')
      assert.equal((await ask('/parts.ashx')).body, '012')
      assert.equal((await ask('/file.ashx')).body.length, 1_000_000)
      assert.equal((await ask('/parts.ashx', { method: 'HEAD' })).body, '')
    })
  })

  it('has one type, whoever says it twice', async () => {
    const twice =
      'context.Response.ContentType = "text/x-one"; context.Response.AddHeader("Content-Type", "text/x-two");'
    await serving({ 'twice.ashx': handler('Twice', twice) }, async ({ ask }) => {
      const { rawHeaders } = await ask('/twice.ashx')
      assert.equal(rawHeaders.filter((name) => name.toLowerCase() === 'content-type').length, 1)
    })
  })

  it('asks modules of the application about files where the site says so, and serves files by itself', async () => {
    const files = {
      ...config(
        '<authentication mode="Forms"><forms loginUrl="in.aspx"/></authentication><authorization><deny users="?"/></authorization>',
        all,
      ),
      'in.aspx': page('FormsAuthentication.SetAuthCookie("ada", false);'),
      'secret.css': 'b{}',
      'Global.asax': application('void Application_BeginRequest() { Response.AppendHeader("X-Begin", Request.Path); }'),
    }
    await serving(files, async ({ ask }) => {
      const denied = await ask('/secret.css')
      assert.equal(denied.status, 302)
      assert.match(denied.headers.location ?? '', /in\.aspx\?ReturnUrl=%2fsecret\.css/)
      const cookie = cookieOf(await ask('/in.aspx'), '.ASPXAUTH')
      const seen = await ask('/secret.css', { headers: { cookie } })
      assert.deepEqual(
        [seen.status, seen.body, seen.headers['content-type'], seen.headers['x-begin']],
        [200, 'b{}', 'text/css', '/secret.css'],
      )
      assert.equal((await ask('/none', { headers: { cookie } })).status, 404)
    })
  })

  it('begins no application for a file where the site does not ask for that', async () => {
    const files = {
      ...config(''),
      'a.css': 'b{}',
      'Global.asax': application('void Application_Start() { throw new Exception(); }'),
    }
    await serving(files, async ({ ask }) => assert.equal((await ask('/a.css')).body, 'b{}'))
  })

  it('keeps a session, and routes URLs without extension', async () => {
    const route = `
      class Route : System.Web.Routing.IRouteHandler { public IHttpHandler GetHttpHandler(System.Web.Routing.RequestContext c) { return new Told(); } }
      class Told : IHttpHandler { public bool IsReusable { get { return true; } } public void ProcessRequest(HttpContext c) { c.Response.Write("routed " + c.Request.Path); } }
      void Application_Start() { System.Web.Routing.RouteTable.Routes.Add(new System.Web.Routing.Route("shop/{id}", new Route())); }`
    const files = {
      'Global.asax': application(route),
      'n.aspx': page('Session["n"] = (int)(Session["n"] ?? 0) + 1; Response.Write(Session["n"]);'),
    }
    await serving(files, async ({ ask }) => {
      const first = await ask('/n.aspx')
      const cookie = cookieOf(first, 'ASP.NET_SessionId')
      assert.deepEqual([first.body, (await ask('/n.aspx', { headers: { cookie } })).body], ['1', '2'])
      assert.equal((await ask('/shop/7')).body, 'routed /shop/7')
      assert.equal((await ask('/other')).status, 404)
    })
  })

  it('knows handlers and modules that system.webServer adds', async () => {
    const server = `<modules><add name="Mark" type="Mark"/></modules>
      <handlers><add name="Own" path="own.thing" verb="*" type="Own"/></handlers>`
    const code = `using System.Web;
      public class Mark : IHttpModule { public void Init(HttpApplication a) { a.BeginRequest += (s, e) => a.Response.AppendHeader("X-Mark", "1"); } public void Dispose() {} }
      public class Own : IHttpHandler { public bool IsReusable { get { return true; } } public void ProcessRequest(HttpContext c) { c.Response.Write("own"); } }`
    await serving({ ...config('', server), 'App_Code/own.cs': code }, async ({ ask }) => {
      const seen = await ask('/own.thing')
      assert.deepEqual([seen.body, seen.headers['x-mark']], ['own', '1'])
    })
  })

  it('says a line whole that is written in pieces, and what is left of one when it ends', async () => {
    const code = `Console.Error.Write("be"); Console.Error.Flush(); System.Threading.Thread.Sleep(100); Console.Error.WriteLine("gun");
      Console.Error.Write("cut off"); System.Diagnostics.Process.GetCurrentProcess().Kill();`
    await serving({ 'a.aspx': page(code) }, async ({ ask, output }) => {
      await ask('/a.aspx')
      await until(() => /ASP\.NET: cut off$/m.test(output()), 'the last words')
      assert.match(output(), /ASP\.NET: begun$/m)
    })
  })

  it('says which modules it leaves out', async () => {
    const files = {
      ...config('<httpModules><add name="SignIn" type="Contoso.SignIn, Contoso"/></httpModules>'),
      'a.aspx': page('Response.Write(1);'),
    }
    await serving(files, async ({ ask, output }) => {
      await ask('/a.aspx')
      await until(
        () => output().includes('the module "SignIn" does not run: its type Contoso.SignIn, Contoso cannot be loaded.'),
        'the log names it',
      )
      assert.equal(output().match(/does not run/g)?.length, 1)
    })
  })

  it('keeps details of an error from strangers, and from loopback, which is one', async () => {
    await serving({ 'bad.aspx': page('throw new Exception("the cause");') }, async ({ ask }) => {
      for (const from of ['203.0.113.7', '127.0.0.1']) {
        const { status, body } = await ask('/bad.aspx', { from })
        assert.equal(status, 500)
        assert.doesNotMatch(body, /the cause/)
      }
    })
  })

  it('says in the log what the application has not handled: once a minute for each place, and nothing of what a client did wrong', async () => {
    const files = {
      'bad.aspx': page('throw new InvalidOperationException("the cause\\n<3>of all");'),
      'later.ashx': `<%@ WebHandler Language="C#" Class="Later" %>
        using System; using System.Threading.Tasks; using System.Web;
        public class Later : HttpTaskAsyncHandler {
          public override async Task ProcessRequestAsync(HttpContext context) { await Task.Delay(1); throw new Exception("too late"); }
        }`,
      'wrong.aspx': page('Nothing.Of(this);'),
      'refused.aspx': page('throw new HttpException(403, "not you");'),
      'handled.aspx': page('throw new TimeoutException("handled");'),
      'gone.aspx': page('Response.Redirect("/bad.aspx");'),
      'Global.asax': application(
        'void Application_Error() { if (Server.GetLastError().GetBaseException() is TimeoutException) Server.ClearError(); }',
      ),
    }
    await serving(files, async ({ ask, output }) => {
      for (const path of [
        '/bad.aspx?secret=1',
        '/bad.aspx',
        '/refused.aspx',
        '/none.aspx',
        '/later.ashx',
        '/wrong.aspx',
      ])
        assert.ok((await ask(path)).status >= 400, path)
      for (const path of ['/handled.aspx', '/gone.aspx']) assert.ok((await ask(path)).status < 400, path)
      await until(() => /in GET \/wrong\.aspx/.test(output()), 'the last is said')
      const said = output()
        .split('\n')
        .filter((line) => /not handled/.test(line))
      const causes = said.map((line) =>
        /not handled by the application in (.*?): ([\w.]+): (.*)/.exec(line)?.slice(1, 4),
      )
      assert.deepEqual(causes.slice(0, 2), [
        ['GET /bad.aspx', 'System.InvalidOperationException', 'the cause'],
        ['GET /later.ashx', 'System.Exception', 'too late'],
      ])
      assert.match(said[2] ?? '', /GET \/wrong\.aspx: .*Compil/)
      assert.equal(said.length, 3, said.join('\n'))
      assert.match(output(), /ASP\.NET: {3}<3>of all/)
    })
  })

  it('shows details of an error where the site says so', async () => {
    const files = { ...config('<customErrors mode="Off"/>'), 'bad.aspx': page('throw new Exception("the cause");') }
    await serving(files, async ({ ask }) => assert.match((await ask('/bad.aspx')).body, /the cause/))
  })

  it('reads a web.config without what IIS accepts and Mono refuses', async () => {
    const files = {
      ...config('<httpRuntime fcnMode="Single" targetFramework="4.8"/><deployment retail="false"/>'),
      'a.aspx': page('Response.Write(1);'),
    }
    await serving(files, async ({ ask, output }) => {
      assert.equal((await ask('/a.aspx')).body, '1')
      assert.match(output(), /Web\.config is read without httpRuntime\/@fcnMode, deployment, which Mono does not know/)
    })
  })

  it('reads it so too when it has changed', async () => {
    const said = (text: string) => ({
      'Web.config': `<configuration><appSettings><add key="said" value="${text}"/></appSettings><system.web><httpRuntime fcnMode="Single"/></system.web></configuration>`,
    })
    const files = { ...said('before'), 'a.aspx': page('Response.Write(ConfigurationManager.AppSettings["said"]);') }
    await serving(files, async ({ ask, write }) => {
      assert.equal((await ask('/a.aspx')).body, 'before')
      write(1, said('after'))
      await until(async () => (await ask('/a.aspx')).body === 'after', 'the change to be in force')
    })
  })

  it('begins another process in the place of one that has died', async () => {
    const files = { 'a.aspx': page('Response.Write(System.Diagnostics.Process.GetCurrentProcess().Id);') }
    await serving(files, async ({ ask }) => {
      const first = Number((await ask('/a.aspx')).body)
      process.kill(first, 'SIGKILL')
      await until(() => !existsSync(`/proc/${first}`), 'the process to be gone')
      const next = Number((await ask('/a.aspx')).body)
      assert.ok(next > 0 && next !== first)
    })
  })

  it('begins the application anew when its web.config changes, after Application_End, and no request is lost', async () => {
    const end = 'void Application_End() { System.IO.File.WriteAllText(HttpRuntime.AppDomainAppPath + "ended", "x"); }'
    const files = {
      'Global.asax': application(end),
      'a.aspx': page('Response.Write(ConfigurationManager.AppSettings["said"]);'),
    }
    const said = (text: string) => ({
      'Web.config': `<configuration><appSettings><add key="said" value="${text}"/></appSettings></configuration>`,
    })
    await serving({ ...files, ...said('before') }, async ({ ask, write, directoryOf }) => {
      assert.equal((await ask('/a.aspx')).body, 'before')
      write(1, said('after'))
      await until(async () => (await ask('/a.aspx')).body === 'after', 'the change to be in force')
      await until(() => existsSync(join(directoryOf(1), 'ended')), 'Application_End')
      assert.equal(readFileSync(join(directoryOf(1), 'ended'), 'utf8'), 'x')
    })
  })

  it('begins anew when it asks for that, and no request is lost', async () => {
    const files = {
      'who.aspx': page(
        'System.Threading.Thread.Sleep(200); Response.Write(System.Diagnostics.Process.GetCurrentProcess().Id);',
      ),
      'anew.aspx': page('HttpRuntime.UnloadAppDomain(); Response.Write("anew");'),
    }
    await serving(files, async ({ ask }) => {
      const seen = new Set<string>()
      const over = new AbortController()
      const client = async () => {
        while (!over.signal.aborted) {
          const { status, body } = await ask('/who.aspx')
          assert.equal(status, 200, body)
          seen.add(body)
        }
      }
      await ask('/who.aspx')
      const clients = Promise.all([client(), client(), client(), client()])
      for (const count of [2, 3]) {
        assert.equal((await ask('/anew.aspx')).body, 'anew')
        await Promise.race([clients, until(() => seen.size === count, `${count} processes have answered`)])
      }
      over.abort()
      await clients
    })
  })

  it('is served by another process when it has unloaded its own domain', async () => {
    const unload = 'new System.Threading.Thread(() => AppDomain.Unload(AppDomain.CurrentDomain)).Start();'
    const files = {
      'a.aspx': page('Response.Write(System.Diagnostics.Process.GetCurrentProcess().Id);'),
      'unload.aspx': page(unload),
    }
    await serving(files, async ({ ask }) => {
      const first = (await ask('/a.aspx')).body
      await ask('/unload.aspx')
      await until(
        async () => {
          const { status, body } = await ask('/a.aspx')
          return status === 200 && body !== first
        },
        'another process answers',
        30_000,
      )
    })
  })

  it('is offline while app_offline.htm is there, and begins anew when it has gone', async () => {
    const files = {
      'Global.asax': application(
        'void Application_End() { System.IO.File.AppendAllText(HttpRuntime.AppDomainAppPath + "ended", "x"); }',
      ),
      'a.aspx': page('Response.Write(System.Diagnostics.Process.GetCurrentProcess().Id);'),
    }
    await serving(files, async ({ ask, write, directoryOf }) => {
      const file = (name: string) => join(directoryOf(1), name)
      const first = (await ask('/a.aspx')).body
      write(1, { 'app_offline.htm': 'back at nine' })
      await until(async () => (await ask('/a.aspx')).status === 503, 'it is offline')
      for (let count = 0; count < 3; count++) assert.equal((await ask('/a.aspx')).body, 'back at nine')
      rmSync(file('app_offline.htm'))
      await until(async () => {
        const { status, body } = await ask('/a.aspx')
        return status === 200 && body !== first
      }, 'another process answers')
      await until(() => !existsSync(`/proc/${first}`), 'the first has gone')
      assert.equal(readFileSync(file('ended'), 'utf8'), 'x')
    })
  })

  it('shares its machine key with the other instances of the role (I-14)', async () => {
    const files = {
      'in.aspx': page('FormsAuthentication.SetAuthCookie("ada", false);'),
      'who.aspx': page('Response.Write(User.Identity.Name);'),
      ...config('<authentication mode="Forms"/>'),
    }
    const key = `<system.web><machineKey validationKey="${'0123456789ABCDEF'.repeat(8)}" decryptionKey="${'FEDCBA98'.repeat(8)}" validation="SHA1" decryption="AES"/></system.web>`
    const own = config(
      `<authentication mode="Forms"/><machineKey validationKey="${'01'.repeat(64)}" decryptionKey="${'02'.repeat(32)}"/>`,
    )
    const workers = [
      await startWorker([{ files }], key),
      await startWorker([{ files }], key),
      await startWorker([{ files: { ...files, ...own } }], key),
    ] as const
    try {
      const cookie = cookieOf(await workers[0].ask('/in.aspx'), '.ASPXAUTH')
      assert.equal((await workers[1].ask('/who.aspx', { headers: { cookie } })).body, 'ada')
      assert.equal((await workers[2].ask('/who.aspx', { headers: { cookie } })).body, '', 'a site has a key of its own')
    } finally {
      for (const worker of workers) await worker.close()
    }
  })

  it('serves an application whatever signs its path has', async () => {
    const path = "/it's %TMPDIR% and $HOME, 3"
    const files = {
      ...config('<httpRuntime requestPathInvalidCharacters="?"/>'),
      'a.aspx': page('Response.Write(Request.ApplicationPath + " " + HttpRuntime.AppDomainAppPath);'),
    }
    const worker = await startWorker([{ files: {}, applications: { [path]: files } }])
    try {
      assert.equal(
        (await worker.ask(`${encodeURI(path)}/a.aspx`)).body,
        `${path} ${worker.directoryOf(1)}-${path.slice(1)}/`,
      )
    } finally {
      await worker.close()
    }
  })

  it('says what is missing where Mono is not there', async () => {
    const path = process.env['PATH']
    const empty = mkdtempSync(join(tmpdir(), 'path-'))
    process.env['PATH'] = empty
    const worker = await startWorker([{ files: { 'a.aspx': 'x' } }])
    process.env['PATH'] = path
    try {
      const seen = await worker.ask('/a.aspx')
      assert.equal(seen.status, 500)
      assert.match(worker.output(), /The page needs Mono, which this machine has not/)
    } finally {
      await worker.close()
      rmSync(empty, { recursive: true })
    }
  })
})

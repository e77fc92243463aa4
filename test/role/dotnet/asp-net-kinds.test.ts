/** Handlers, web services and services of WCF, asked as their clients ask them. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { until } from '../../until.ts'
import type { Files, Worker } from '../w3wp/worker.ts'
import { application, aspNetSites, config, handler, page } from './asp-net-sites.ts'
import { compiled, withoutMono } from './mono.ts'

const withoutRest =
  withoutMono || existsSync('/usr/lib/mono/gac/System.ServiceModel.Web')
    ? withoutMono
    : 'this machine has no System.ServiceModel.Web: apt-get install libmono-system-servicemodel-web4.0-cil'

const json = { 'content-type': 'application/json' }

/** Calls an operation of a service with SOAP 1.1. */
async function call({ ask }: Worker, url: string, action: string, body: string): Promise<string> {
  const envelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` }
  return (await ask(url, { method: 'POST', headers, body: envelope })).body
}

describe('handlers (.ashx)', { skip: withoutMono }, () => {
  const serving = aspNetSites()

  it('are told a form, cookies and the path behind their name, under any verb', async () => {
    const code =
      'var r = context.Request; context.Response.ContentType = "text/plain"; context.Response.Write(r.HttpMethod + " " + r.Form["a"] + " " + r.Cookies["k"].Value + " " + r.PathInfo);'
    await serving({ 'e.ashx': handler('E', code) }, async ({ ask }) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: 'k=v' }
      const seen = await ask('/e.ashx/more', { method: 'POST', headers, body: 'a=%C3%A9' })
      assert.deepEqual(
        [seen.body, seen.headers['content-type']],
        ['POST é v /more', 'text/plain; charset=utf-8'],
        'text says how it is encoded',
      )
      assert.match((await ask('/e.ashx', { method: 'PUT', headers })).body, /^PUT /)
    })
  })

  it('leave the type of bytes as it is', async () => {
    const code = 'context.Response.ContentType = "text/csv"; context.Response.BinaryWrite(new byte[] { 65 });'
    await serving({ 'b.ashx': handler('B', code) }, async ({ ask }) =>
      assert.equal((await ask('/b.ashx')).headers['content-type'], 'text/csv'),
    )
  })

  it('have their context behind an await, and the page of an error that comes there', async () => {
    const source = `<%@ WebHandler Language="C#" Class="Later" %>
      using System; using System.Threading.Tasks; using System.Web;
      public class Later : HttpTaskAsyncHandler {
        public override async Task ProcessRequestAsync(HttpContext context) {
          await Task.Delay(1);
          if (context.Request["fail"] != null) throw new InvalidOperationException("the cause");
          context.Response.Write(HttpContext.Current.Request.Path);
        }
      }`
    await serving({ 'later.ashx': source, ...config('<customErrors mode="Off"/>') }, async ({ ask }) => {
      assert.equal((await ask('/later.ashx')).body, '/later.ashx')
      const failed = await ask('/later.ashx?fail=1')
      assert.equal(failed.status, 500)
      assert.match(failed.body, /the cause/)
    })
  })

  it('may call into an application domain of their own', async () => {
    const code = `var other = AppDomain.CreateDomain("other"); other.DoCallBack(Console.Out.Flush); AppDomain.Unload(other); Response.Write("called");`
    await serving({ 'call.aspx': page(code) }, async ({ ask }) =>
      assert.match((await ask('/call.aspx')).body, /called/),
    )
  })

  it('answer each request with the error when the application cannot begin: a stranger sees no more, the log has all', async () => {
    const begin = (code: string) => ({ 'Global.asax': application(`void Application_Start() { ${code} }`) })
    const module = `public class Own : System.Web.IHttpModule {
      public void Dispose() { } public void Init(System.Web.HttpApplication application) { throw new System.Exception("no account"); } }`
    const faults: readonly (readonly [Files, RegExp])[] = [
      [begin('throw new InvalidOperationException("no account");'), /: System\.InvalidOperationException: no account/],
      [begin('Nothing.Of(this);'), /: .*Compilation.*Nothing/],
      [
        { ...config('<httpModules><add name="Own" type="Own"/></httpModules>'), 'App_Code/own.cs': module },
        /: System\.Exception: no account/,
      ],
    ]
    for (const [files, words] of faults)
      await serving({ ...files, 'a.aspx': page('Response.Write(1);') }, async ({ ask, output }) => {
        for (const method of ['GET', 'HEAD', 'HEAD', 'GET']) {
          const { status, body } = await ask('/a.aspx', { method })
          assert.equal(status, 500)
          assert.doesNotMatch(body, /no account|Nothing|Own/)
        }
        const said = () => output().match(/not handled by the application in GET \/a\.aspx.*/g) ?? []
        await until(() => said().length > 0, 'the log has it')
        assert.match(said()[0] ?? '', words)
        assert.equal(said().length, 1, output())
      })
  })

  it('show the error of a beginning where the site says so, and go on once it is mended', async () => {
    const begin = (code: string) => application(`void Application_Start() { ${code} }`)
    const files = {
      ...config('<customErrors mode="Off"/>'),
      'a.aspx': page('Response.Write(Application["begun"]);'),
      'Global.asax': begin('throw new Exception("no account");'),
    }
    await serving(files, async ({ ask, write }) => {
      assert.match((await ask('/a.aspx')).body, /no account/)
      write(1, { 'Global.asax': begin('Application["begun"] = "begun by " + HttpContext.Current.Request.Path;') })
      await until(async () => (await ask('/a.aspx')).body === 'begun by /a.aspx', 'it has begun')
    })
  })

  it('do not begin while the application is offline', async () => {
    const files = {
      'a.aspx': page('Response.Write(1);'),
      'app_offline.htm': 'back at nine',
      'Global.asax': application('void Application_Start() { Console.Error.WriteLine("begun"); }'),
    }
    await serving(files, async ({ ask, output }) => {
      const { status, body } = await ask('/a.aspx')
      assert.deepEqual([status, body], [503, 'back at nine'])
      assert.doesNotMatch(output(), /begun/)
    })
  })

  it('hide the cookies of session and sign-in from scripts', async () => {
    const code = 'Session["n"] = 1; FormsAuthentication.SetAuthCookie("ada", false);'
    const files = { 'in.aspx': page(code), ...config('<authentication mode="Forms"/>') }
    await serving(files, async ({ ask }) => {
      const cookies = (await ask('/in.aspx')).headers['set-cookie'] ?? []
      assert.equal(cookies.length, 2)
      for (const cookie of cookies) assert.match(cookie, /; HttpOnly/)
    })
  })
})

const shop = `<%@ WebService Language="C#" Class="Shop" %>
  using System; using System.Web.Services; using System.Web.Script.Services;
  public class Item { public int Id; public string Name; }
  [WebService(Namespace = "http://contoso.com/shop")] [ScriptService]
  public class Shop : WebService {
    [WebMethod] public int Add(int a, int b) { return a + b; }
    [WebMethod] public Item Find(int id) { return new Item { Id = id, Name = "té" }; }
    [WebMethod(EnableSession = true)] public int Count() { var n = (int)(Session["n"] ?? 0) + 1; Session["n"] = n; return n; }
    [WebMethod] public string Bad() { throw new ArgumentException("bad thing"); }
  }`

describe('web services (.asmx)', { skip: withoutMono }, () => {
  const serving = aspNetSites()
  const protocols = '<webServices><protocols><add name="HttpGet"/><add name="HttpPost"/></protocols></webServices>'
  const files = { 'Shop.asmx': shop, ...config(protocols) }

  it('show a page and a description with the address that was asked', async () => {
    await serving(files, async ({ ask }) => {
      assert.match((await ask('/Shop.asmx')).body, /Shop Web Service/)
      assert.match((await ask('/shop.asmx?wsdl')).body, /address location="http:\/\/www\.contoso\.com\/Shop\.asmx"/)
    })
  })

  it('are called with SOAP, and say faults', async () => {
    await serving(files, async (worker) => {
      const operation = (name: string, inner: string) =>
        call(
          worker,
          '/Shop.asmx',
          `http://contoso.com/shop/${name}`,
          `<${name} xmlns="http://contoso.com/shop">${inner}</${name}>`,
        )
      assert.match(await operation('Add', '<a>2</a><b>3</b>'), /<AddResult>5<\/AddResult>/)
      assert.match(await operation('Find', '<id>7</id>'), /<Id>7<\/Id><Name>té<\/Name>/)
      assert.match(await operation('Bad', ''), /<faultstring>.*bad thing<\/faultstring>/)
    })
  })

  it('are called by scripts with JSON, and by the path behind their name', async () => {
    await serving(files, async ({ ask }) => {
      const found = await ask('/Shop.asmx/Find', { method: 'POST', headers: json, body: '{"id":7}' })
      assert.equal(found.body, '{"d":{"Id":7,"Name":"té"}}')
      assert.equal(found.headers['content-type'], 'application/json; charset=utf-8')
      const bad = await ask('/Shop.asmx/Bad', { method: 'POST', headers: json, body: '{}' })
      assert.deepEqual([bad.status, bad.headers['jsonerror']], [500, 'true'])
      assert.match((await ask('/Shop.asmx/js')).body, /Add:function\(a,b/)
      assert.match((await ask('/Shop.asmx/Add?a=1&b=2')).body, />3<\/int>/)
    })
  })
})

const calc = `
  using System; using System.ServiceModel; using System.ServiceModel.Activation;
  [ServiceContract(Namespace = "http://contoso.com/calc")]
  public interface ICalc { [OperationContract] int Add(int a, int b); [OperationContract] [FaultContract(typeof(string))] string Bad(); }
  [ServiceContract(Namespace = "http://contoso.com/calc")]
  public interface ICount { [OperationContract] int Next(); }
  public class Counted : ICount { int last; public int Next() { return ++last; } }
  [ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, ConcurrencyMode = ConcurrencyMode.Multiple)]
  public class Shared : ICount { int last; public int Next() { return System.Threading.Interlocked.Increment(ref last); } }
  public class Calc : ICalc { public int Add(int a, int b) { return a + b; } public string Bad() { throw new FaultException<string>("detail", "told"); } }
  public class Factory : ServiceHostFactory {
    protected override ServiceHost CreateServiceHost(Type type, Uri[] addresses) { return new ServiceHost(type, addresses); }
  }`

const rest = `
  using System.ServiceModel; using System.ServiceModel.Web; using System.Threading; using System.Web;
  public class Item { public int Id { get; set; } }
  [ServiceContract] public interface IRest {
    [OperationContract] [WebGet(UriTemplate = "items/{id}", ResponseFormat = WebMessageFormat.Json)] Item Get(string id);
    [OperationContract] [WebInvoke(UriTemplate = "items", RequestFormat = WebMessageFormat.Json, ResponseFormat = WebMessageFormat.Json)] Item Post(Item item);
    [OperationContract] [WebInvoke(UriTemplate = "items/{id}", Method = "DELETE")] void Delete(string id);
    [OperationContract(IsOneWay = true)] [WebInvoke(UriTemplate = "note")] void Note();
    [OperationContract] [WebGet(UriTemplate = "path")] string Path();
    [OperationContract] [WebGet(UriTemplate = "most")] string Most();
  }
  [ServiceBehavior(InstanceContextMode = InstanceContextMode.Single)]
  public class Rest : IRest {
    public Item Get(string id) { return new Item { Id = int.Parse(id) }; }
    public Item Post(Item item) { WebOperationContext.Current.OutgoingResponse.StatusCode = System.Net.HttpStatusCode.Created; return item; }
    public void Delete(string id) {}
    public void Note() {}
    public string Path() { return HttpContext.Current.Request.Path; }
    int at, most;
    public string Most() {
      if (Interlocked.Increment(ref at) > most) most = at;
      Thread.Sleep(50);
      Interlocked.Decrement(ref at);
      return "most " + most;
    }
  }`

/** Lays a library into the site's `bin`, where Mono looks for services. */
function layLibrary({ directoryOf }: Worker, source: string, monos: readonly string[]): void {
  const bin = join(directoryOf(1), 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'Services.dll'), compiled('Services', source, {}, monos))
}

const services = (content: string) => ({
  'Web.config': `<configuration><system.serviceModel>${content}</system.serviceModel></configuration>`,
})

describe('services of WCF (.svc)', { skip: withoutMono }, () => {
  const serving = aspNetSites()
  const soap = services(`
    <services>
      <service name="Calc"><endpoint address="" binding="basicHttpBinding" contract="ICalc"/></service>
      <service name="Counted"><endpoint address="" binding="basicHttpBinding" contract="ICount"/></service>
      <service name="Shared"><endpoint address="" binding="basicHttpBinding" contract="ICount"/></service>
    </services>
    <behaviors><serviceBehaviors><behavior><serviceMetadata httpGetEnabled="true"/></behavior></serviceBehaviors></behaviors>`)
  const files = {
    'Calc.svc': '<%@ ServiceHost Service="Calc" %>',
    'Counted.svc': '<%@ ServiceHost Service="Counted" %>',
    'Shared.svc': '<%@ ServiceHost Service="Shared" %>',
    'Own.svc': '<%@ ServiceHost Service="Calc" Factory="Factory" %>',
    ...soap,
  }

  it('show a page and a description, and are called with SOAP, also those with a factory of their own', async () => {
    await serving(files, async (worker) => {
      layLibrary(worker, calc, ['System.ServiceModel', 'System.ServiceModel.Activation'])
      assert.match((await worker.ask('/Calc.svc')).body, /<title>Service Calc<\/title>/)
      assert.match((await worker.ask('/Calc.svc?wsdl')).body, /wsdl:definitions/)
      const operation = (url: string, name: string, inner: string) =>
        call(
          worker,
          url,
          `http://contoso.com/calc/ICalc/${name}`,
          `<${name} xmlns="http://contoso.com/calc">${inner}</${name}>`,
        )
      for (const url of ['/Calc.svc', '/Own.svc'])
        assert.match(await operation(url, 'Add', '<a>2</a><b>3</b>'), /<AddResult>5<\/AddResult>/)
      assert.match(await operation('/Calc.svc', 'Bad', ''), /<faultstring[^>]*>told<\/faultstring>/)
    })
  })

  it('lose none of the first calls, which come at once', async () => {
    await serving(files, async (worker) => {
      layLibrary(worker, calc, ['System.ServiceModel', 'System.ServiceModel.Activation'])
      const add = (url: string) =>
        call(
          worker,
          url,
          'http://contoso.com/calc/ICalc/Add',
          '<Add xmlns="http://contoso.com/calc"><a>2</a><b>3</b></Add>',
        )
      const urls = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? '/Calc.svc' : '/Own.svc'))
      for (const answer of await Promise.all(urls.map(add))) assert.match(answer, /<AddResult>5<\/AddResult>/)
    })
  })

  it('have an object for each call, or one for all, and lose none of the first calls of either', async () => {
    await serving(files, async (worker) => {
      layLibrary(worker, calc, ['System.ServiceModel', 'System.ServiceModel.Activation'])
      const next = async (url: string) => {
        const name = 'http://contoso.com/calc/ICount/Next'
        const answer = await call(worker, url, name, '<Next xmlns="http://contoso.com/calc"/>')
        return Number(/<NextResult>(\d+)</.exec(answer)?.[1])
      }
      const twenty = (url: string) => Promise.all(Array.from({ length: 20 }, () => next(url)))
      assert.deepEqual(
        await twenty('/Counted.svc'),
        Array.from({ length: 20 }, () => 1),
      )
      const shared = await twenty('/Shared.svc')
      assert.deepEqual(
        shared.sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    })
  })

  it('refuse calls that they cannot read, and live on', async () => {
    await serving(files, async (worker) => {
      layLibrary(worker, calc, ['System.ServiceModel', 'System.ServiceModel.Activation'])
      const soap = { 'content-type': 'text/xml', soapaction: '"http://contoso.com/calc/ICalc/Add"' }
      const refused = async (headers: Readonly<Record<string, string>>, body: string) =>
        (await worker.ask('/Calc.svc', { method: 'POST', headers, body })).status
      assert.equal(await refused({}, '<a/>'), 400, 'no type')
      assert.equal(await refused({ ...soap, 'content-type': 'nonsense' }, '<a/>'), 400)
      assert.equal(await refused({ ...soap, 'content-type': 'text/plain' }, '<a/>'), 415)
      assert.equal(await refused(soap, '<a'), 400, 'no XML')
      assert.equal(await refused(soap, '<a/>'), 400, 'no envelope')
      assert.equal(await refused({ ...soap, soapaction: '""none""' }, ''), 500, 'a fault')
      assert.doesNotMatch(worker.output(), /FATAL/)
      const body = '<Add xmlns="http://contoso.com/calc"><a>2</a><b>3</b></Add>'
      assert.match(await call(worker, '/Calc.svc', 'http://contoso.com/calc/ICalc/Add', body), /<AddResult>5</)
    })
  })

  const restful = {
    'Made.svc': '<%@ ServiceHost Service="Rest" Factory="System.ServiceModel.Activation.WebServiceHostFactory" %>',
    'Bound.svc': '<%@ ServiceHost Service="Rest" %>',
    ...services(`
      <services><service name="Rest"><endpoint address="" binding="webHttpBinding" contract="IRest" behaviorConfiguration="web"/></service></services>
      <behaviors><endpointBehaviors><behavior name="web"><webHttp/></behavior></endpointBehaviors></behaviors>`),
  }
  const restLibraries = ['System.ServiceModel', 'System.ServiceModel.Web', 'System.Web']

  it('answer URLs with JSON, by a factory or by webHttpBinding', { skip: withoutRest }, async () => {
    await serving(restful, async (worker) => {
      layLibrary(worker, rest, restLibraries)
      const { ask } = worker
      for (const service of ['/Made.svc', '/Bound.svc']) {
        const seen = await ask(`${service}/items/7`)
        assert.deepEqual([seen.status, seen.body], [200, '{"Id":7}'])
        assert.equal(seen.rawHeaders.filter((name) => /^content-type$/i.test(name)).length, 1)
        const made = await ask(`${service}/items`, { method: 'POST', headers: json, body: '{"Id":4}' })
        assert.deepEqual([made.status, made.body], [201, '{"Id":4}'])
        const deleted = await ask(`${service}/items/7`, { method: 'DELETE' })
        assert.deepEqual([deleted.status, deleted.body], [200, ''], 'no result')
        assert.equal((await ask(`${service}/note`, { method: 'POST' })).status, 202, 'one way')
        const broken = await ask(`${service}/items`, { method: 'POST', headers: json, body: '{"Id":' })
        assert.deepEqual([broken.status, broken.body], [400, ''])
        assert.match((await ask(`${service}/path`)).body, new RegExp(`>${service}/path<`))
      }
      assert.doesNotMatch(worker.output(), /FATAL/)
    })
  })

  it('run one call at a time where one object serves all', { skip: withoutRest }, async () => {
    await serving(restful, async (worker) => {
      layLibrary(worker, rest, restLibraries)
      const seen = await Promise.all(Array.from({ length: 4 }, () => worker.ask('/Made.svc/most')))
      for (const { body } of seen) assert.match(body, />most 1</)
    })
  })
})

/**
 * ASP.NET behind the web server of a web role beside a bare `HttpListener` of the same Mono, as ratios in one run:
 *
 *   node bench/dotnet-web.ts [seconds of each measurement, 3] [rounds, 3]
 *
 * A fabric of one host, guests kept apart by process, one instance; both are asked at their own addresses, without a balancer. The pages: a handler that
 * writes two words, and a WebForms page without controls. Load: `wrk`, one thread, 32 connections. Everything shares the machine. Then the first page, whose
 * process is not there yet, and the memory of the instance's web server with it. Goals (issue 11): a trivial page ≥ 0.5 of the listener, first page ≤ 2 s.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startFabric } from './fabric.ts'
import { median } from './statistics.ts'
import { bindingBelow, memoryText, rate } from './web-instance.ts'

const names = ['W3SVC', 'w3wp', 'WaIISHost', 'mono']

const [seconds = 3, rounds = 3] = process.argv.slice(2).map(Number)
const listenerPort = 19_403
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

const files = {
  'ServiceDefinition.csdef': `<ServiceDefinition name="Bench" xmlns="${schema}/ServiceDefinition"><WebRole name="Web" vmsize="Small">
    <Sites><Site name="Site" physicalDirectory="Web"><Bindings><Binding name="In" endpointName="In" /></Bindings></Site></Sites>
    <Endpoints><InputEndpoint name="In" protocol="http" port="80" /></Endpoints>
  </WebRole></ServiceDefinition>`,
  'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Bench" xmlns="${schema}/ServiceConfiguration"><Role name="Web"><Instances count="1" /></Role></ServiceConfiguration>`,
  'Web/handler.ashx': `<%@ WebHandler Language="C#" Class="Hello" %> using System.Web;
    public class Hello : IHttpHandler { public bool IsReusable => true; public void ProcessRequest(HttpContext context) { context.Response.Write("hello world!"); } }`,
  'Web/page.aspx':
    '<%@ Page Language="C#" EnableSessionState="false" %><html><body>hello <%= "world!" %></body></html>',
  'Web/web.config': '<configuration/>',
  'listener.cs': `using System.Net; using System.Text; using System.Threading;
    static class Listener { static void Main() {
      var listener = new HttpListener(); listener.Prefixes.Add("http://127.0.0.1:${listenerPort}/"); listener.Start();
      var answer = Encoding.UTF8.GetBytes("hello world!");
      while (true) { var context = listener.GetContext(); ThreadPool.QueueUserWorkItem(_ => { context.Response.ContentLength64 = answer.Length; context.Response.OutputStream.Write(answer, 0, answer.Length); context.Response.Close(); }); }
    } }`,
}

const fabric = await startFabric('--hosts', '1', '--isolation', 'process')
const directory = join(fabric.dataDirectory, 'bench')
let listener: ReturnType<typeof spawn> | undefined
try {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  execFileSync('mcs', [`-out:${join(directory, 'listener.exe')}`, join(directory, 'listener.cs')])
  listener = spawn('mono', [join(directory, 'listener.exe')], { stdio: 'inherit' })
  await fabric.run('deploy', directory, '--service', 'bench')
  const instance = bindingBelow(fabric.dataDirectory)
  console.log(`first page: ${firstPageMs(`http://${instance}/handler.ashx`).toFixed(0)} ms`)
  for (const path of ['handler.ashx', 'page.aspx']) {
    const ratios: number[] = []
    rate(`http://${instance}/${path}`, seconds)
    for (let round = 0; round < rounds; round++) {
      const [ours, bare] = [
        rate(`http://${instance}/${path}`, seconds),
        rate(`http://127.0.0.1:${listenerPort}/`, seconds),
      ]
      ratios.push(ours / bare)
      console.log(`${path}: ${ours.toFixed(0)} requests a second, HttpListener ${bare.toFixed(0)}`)
    }
    console.log(`${path}: ${median(ratios).toFixed(2)} of HttpListener`)
  }
  console.log(`memory: ${memoryText(names, fabric.dataDirectory)}`)
} finally {
  listener?.kill()
  await fabric.end()
}

function firstPageMs(url: string): number {
  const began = performance.now()
  execFileSync('curl', ['-sf', '-o', '/dev/null', url])
  return performance.now() - began
}

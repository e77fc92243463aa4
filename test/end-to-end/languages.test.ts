/** Programs in Go and Java, as their own tools leave them: three instances each on one port of one machine, upgraded under load. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'
import { startLoad } from './load.ts'

/** A program that answers every request with its version and the name of its instance. */
interface Language {
  readonly name: string
  readonly compiler: readonly string[]
  readonly source: string
  readonly text: (version: string) => string
  /** What starts it. */
  readonly commandLine: string
  readonly starter?: string
}

const languages: readonly Language[] = [
  {
    name: 'Go',
    compiler: ['go', 'build', '-o', 'serve', 'serve.go'],
    source: 'serve.go',
    text: (version) => `package main
import ("fmt"; "net/http"; "os")
func main() {
  http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "${version} ", os.Getenv("RoleInstanceID")) })
  panic(http.ListenAndServe(":80", nil))
}`,
    commandLine: 'serve',
  },
  {
    name: 'Java',
    compiler: ['javac', 'Serve.java'],
    source: 'Serve.java',
    text: (version) => `import com.sun.net.httpserver.HttpServer;
public class Serve {
  public static void main(String[] words) throws Exception {
    byte[] body = ("${version} " + System.getenv("RoleInstanceID")).getBytes();
    HttpServer server = HttpServer.create(new java.net.InetSocketAddress(80), 0);
    server.createContext("/", asked -> {
      asked.sendResponseHeaders(200, body.length);
      asked.getResponseBody().write(body);
      asked.close();
    });
    server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    server.start();
  }
}`,
    commandLine: 'serve.sh',
    starter: '#!/bin/sh\nexec java -cp "$(dirname "$0")" Serve\n',
  },
]

function service(
  data: string,
  version: string,
  { name, compiler, source, text, commandLine, starter }: Language,
): string {
  const directory = join(data, `${name}-${version}`)
  const program = join(directory, name)
  const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
  mkdirSync(program, { recursive: true })
  writeFileSync(join(program, source), text(version))
  const [file = '', ...words] = compiler
  const { status, stderr } = spawnSync(file, words, { cwd: program, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  if (starter) {
    writeFileSync(join(program, commandLine), starter)
    chmodSync(join(program, commandLine), 0o755)
  }
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="${name}" upgradeDomainCount="3" xmlns="${schema}/ServiceDefinition">
      <WorkerRole name="${name}" vmsize="ExtraSmall">
        <Runtime><EntryPoint><ProgramEntryPoint commandLine="${commandLine}" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
        <Endpoints><InputEndpoint name="Web" protocol="http" port="80" localPort="80" /></Endpoints>
      </WorkerRole>
    </ServiceDefinition>`,
  )
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="${name}" xmlns="${schema}/ServiceConfiguration"><Role name="${name}"><Instances count="3" /></Role></ServiceConfiguration>`,
  )
  return directory
}

const isInstalled = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

for (const language of languages) {
  const { name, compiler } = language
  const skip = rungs[1].skip || (!isInstalled(compiler[0] ?? '') && `${compiler[0]} is not installed`)
  describe(`a service in ${name}`, { skip }, () => {
    const house = makeHouse(['--isolation', 'namespace', '--timer', 'settleTime=3s'])
    before(() => house.up())
    after(() => house.dispose())

    it('has three instances on one port of one machine, and is upgraded under load without a lost request (U-26)', async () => {
      const { code, stdout, stderr } = await house.reddog(
        'deploy',
        service(house.data, 'v1', language),
        '--service',
        'web',
        '--json',
      )
      assert.equal(code, 0, stderr)
      const [address = ''] = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses
      const answers = async (version: string) => {
        const wanted = [0, 1, 2].map((number) => `${version} ${name}_IN_${number}`)
        const seen = new Set<string>()
        await until(async () => seen.add(await get(address)).size === wanted.length, 'all instances answer')
        assert.deepEqual([...seen].sort(), wanted)
      }
      await answers('v1')
      const next = service(house.data, 'v2', language)
      const load = startLoad(address)
      const upgraded = await house.reddog('upgrade', next, '--service', 'web')
      assert.deepEqual(await load.stop(), [])
      assert.ok(load.answered() > 100)
      assert.equal(upgraded.code, 0, upgraded.stderr)
      await answers('v2')
    })
  })
}

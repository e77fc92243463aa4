/** appcmd as startup tasks run it: the program, the file that it changes, and the web server that it tells (I-53). */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { serveJsonLines } from '../../src/machine/guest-os/json-lines.ts'
import { roleVariables } from '../../src/role/contract/variables.ts'
import { shellScript } from '../../src/service-model/command-line.ts'
import { bundles } from '../bundle.ts'

const programs = bundles()
const home = mkdtempSync(join(tmpdir(), 'reddog-appcmd-'))
after(() => rmSync(home, { recursive: true, force: true }))
const config = join(home, 'd/Windows/System32/inetsrv/config')
const file = join(config, 'applicationHost.config')
const source =
  '<configuration><system.applicationHost><applicationPools><add name="Pool"/></applicationPools><sites/></system.applicationHost></configuration>'
const env = {
  PATH: [dirname(process.execPath), join(programs, 'inetsrv'), process.env['PATH']].join(':'),
  SystemDrive: join(home, 'c'),
  [roleVariables.runtimeEndpoint]: join(home, 'v'),
  NODE_OPTIONS: '--import=file:///no/such/preload.mjs',
}

beforeEach(() => {
  mkdirSync(config, { recursive: true })
  writeFileSync(file, source)
})
afterEach(() => rmSync(join(home, 'd'), { recursive: true, force: true }))

/** A task's command line, as a guest runs it. */
function run(line: string): Promise<{ readonly code: number; readonly said: string }> {
  const made = shellScript(line, {}, () => undefined)
  assert.ok(made.ok)
  const { script } = made.value
  return new Promise((resolve) =>
    execFile('/bin/sh', ['-c', script], { env, cwd: home, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, said: stdout + stderr }),
    ),
  )
}

const appcmd = '%windir%\\system32\\inetsrv\\appcmd.exe'

describe('appcmd in a guest', () => {
  it('changes the configuration, and is known without its place and its ending', async () => {
    const set = `${appcmd} set config -section:applicationPools -applicationPoolDefaults.processModel.idleTimeout:00:00:00`
    assert.deepEqual(await run(`${set} && appcmd list apppools /text:name & "%windir%\\appcmd" list sites`), {
      code: 1,
      said: 'Applied configuration changes to section "system.applicationHost/applicationPools" for "MACHINE/WEBROOT/APPHOST" at configuration commit path "MACHINE/WEBROOT/APPHOST"\nPool\n',
    })
    assert.match(readFileSync(file, 'utf8'), /<processModel idleTimeout="00:00:00"\/>/)
  })

  it('returns what the original does, as far as a byte goes', async () => {
    assert.equal((await run(`${appcmd} add apppool /name:pool`)).code, 183)
    assert.equal((await run(`${appcmd} set apppool None /autoStart:true`)).code, 50)
    assert.equal((await run(`${appcmd} set config /section:applicationPools /[name='x'].autoStart:true`)).code, 1)
  })

  it('that changes it side by side loses nothing', async () => {
    const names = ['a', 'b', 'c', 'd']
    await Promise.all(names.map((name) => run(`${appcmd} add apppool /name:${name}`)))
    const { said } = await run(`${appcmd} list apppools /text:name`)
    assert.deepEqual(said.trim().split('\n').toSorted(), ['Pool', ...names])
  })

  it('feeds another', async () => {
    const { said, code } = await run(`${appcmd} list apppools /xml | ${appcmd} delete apppool /in`)
    assert.deepEqual({ said, code }, { said: 'APPPOOL object "Pool" deleted\n', code: 0 })
  })

  it('has the listener recycle a pool, and finds none before the sites are set up', async () => {
    assert.deepEqual(await run(`${appcmd} recycle apppool Pool`), { code: 0, said: '"Pool" successfully recycled\n' })
    const heard: unknown[] = []
    const server = await serveJsonLines(join(home, 'w'), (line) => ({
      said(value) {
        heard.push(value)
        line.send({ kind: 'done' })
      },
      gone: () => line.close(),
    }))
    try {
      await run(`${appcmd} recycle apppool Pool`)
      assert.deepEqual(heard, [{ kind: 'recyclePool', pool: 'Pool' }])
    } finally {
      server.close()
    }
  })

  it('in a role without sites, or without the right, says so (2, 5)', async () => {
    chmodSync(config, 0o555)
    const denied = await run(`${appcmd} add apppool /name:x`)
    chmodSync(config, 0o755)
    // Root may do it all the same.
    if (process.getuid?.() !== 0) assert.match(denied.said, /^ERROR \( hresult:80070005, .*\nAccess is denied\./)
    rmSync(file)
    const { code, said } = await run(`${appcmd} list sites`)
    assert.equal(code, 2)
    assert.match(
      said,
      /^ERROR \( hresult:80070002, message:Command execution failed\.\nThe system cannot find the file specified\. D:/,
    )
  })
})

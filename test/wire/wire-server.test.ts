/** The wire server over real HTTP: what docs/spec/wire-server.md promises to agents of any make. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { readFullConfig } from '../../src/guest/contract/full-config.ts'
import { readGoalState } from '../../src/guest/contract/goal-state.ts'
import { type Health, writeHealth } from '../../src/guest/contract/health.ts'
import { writeRoleProperties } from '../../src/guest/contract/role-properties.ts'
import { readVersions } from '../../src/guest/contract/versions.ts'
import { childText, parseXml } from '../../src/kernel/xml.ts'
import { containerId, deploymentId, key } from '../host/goals.ts'
import { until } from '../until.ts'
import { type WireSetting, type WireSettingOptions, wireSetting } from './wire-setting.ts'

const open: WireSetting[] = []

afterEach(async () => {
  for (const setting of open.splice(0)) await setting.close()
})

async function served(options?: WireSettingOptions): Promise<WireSetting> {
  const setting = await wireSetting(options)
  open.push(setting)
  return setting
}

const headers = { 'x-ms-version': '2012-11-30', 'x-ms-agent-name': 'WindowsAzureGuestAgent' }
const latest = 'x-ms-latest-goal-state-incarnation-number'

async function goalOf({ url }: WireSetting, more = {}) {
  const answer = await fetch(`${url}/machine/?comp=goalstate`, { headers: { ...headers, ...more } })
  assert.equal(answer.status, 200)
  return readGoalState(await answer.text())
}

function report({ url }: WireSetting, change: Partial<Health> = {}, more = {}): Promise<Response> {
  const body = writeHealth({ goalStateIncarnation: 1, containerId, instanceId: key, state: 'Ready', ...change })
  return fetch(`${url}/machine?comp=health`, { method: 'POST', headers: { ...headers, ...more }, body })
}

describe('versions', () => {
  it('are told without any header, with the one that agents insist on', async () => {
    const { url } = await served()
    const answer = await fetch(`${url}/?comp=versions`)
    assert.equal(answer.headers.get('content-type'), 'text/xml; charset=utf-8')
    assert.ok(readVersions(await answer.text()).includes('2012-11-30'))
  })

  it('must be named in every other request', async () => {
    const { url } = await served()
    assert.equal((await fetch(`${url}/machine/?comp=goalstate`)).status, 400)
    assert.equal(
      (await fetch(`${url}/machine/?comp=goalstate`, { headers: { 'x-ms-version': '1999-01-01' } })).status,
      400,
    )
    assert.equal(
      (await fetch(`${url}/machine/?comp=goalstate`, { headers: { 'x-ms-version': '2011-12-31' } })).status,
      200,
    )
  })
})

describe('the goal state', () => {
  it('starts at incarnation 1, grows when a document changes, and not otherwise (H-1)', async () => {
    const setting = await served()
    assert.equal((await goalOf(setting)).incarnation, 1)
    await setting.setGuest({})
    assert.equal((await goalOf(setting)).incarnation, 1)
    await setting.setGuest({ settings: { Queue: 'orders' } })
    assert.equal((await goalOf(setting)).incarnation, 2)
  })

  it('asks for a stop by expected state, with the limit of OnStop as hint (H-28)', async () => {
    const setting = await served()
    await setting.setGoal({ machine: 'Stopped', role: 'Stopped' })
    const goal = await goalOf(setting)
    assert.deepEqual(
      [goal.machine, goal.roleInstance?.state, goal.stopRolesDeadlineHintMs],
      ['Stopped', 'Stopped', 300_000],
    )
  })

  it('has URLs built from the Host header, which lead to the documents in encoded and plain form', async () => {
    const setting = await served()
    const request = get(`${setting.url}/machine?comp=goalstate`, { headers: { ...headers, host: 'wire.example:8080' } })
    const [answer] = await once(request, 'response')
    const goal = readGoalState(
      await answer
        .setEncoding('utf8')
        .toArray()
        .then((parts: string[]) => parts.join('')),
    )
    const instance = goal.roleInstance
    assert.match(
      instance?.fullConfig ?? '',
      /^http:\/\/wire\.example:8080\/machine\/[0-9a-f-]+\/[0-9a-f]{32}\.Worker%5FIN%5F0\?comp=config&type=fullConfig&incarnation=1$/,
    )
    for (const url of [instance?.fullConfig, instance?.fullConfig.replaceAll('%5F', '_')]) {
      const path = (url ?? '').replace('http://wire.example:8080', setting.url)
      const full = readFullConfig(await (await fetch(path, { headers })).text())
      assert.equal(full.specification.deploymentId, deploymentId)
      assert.equal(full.software, `/data/packages/${'a'.repeat(64)}/roles/Worker`)
    }
  })

  it('names documents that are all there', async () => {
    const setting = await served()
    const { roleInstance } = await goalOf(setting)
    for (const url of [
      roleInstance?.hostingEnvironmentConfig,
      roleInstance?.sharedConfig,
      roleInstance?.extensionsConfig,
    ])
      assert.match(await (await fetch(url ?? '', { headers })).text(), /goalStateIncarnation="1"/)
  })
})

describe('requests that do not fit', () => {
  const path = (incarnation: number, container = containerId, instance = key) =>
    `/machine/${container}/${instance}?comp=config&type=fullConfig&incarnation=${incarnation}`
  const status = async ({ url }: WireSetting, rest: string) => (await fetch(url + rest, { headers })).status

  it('for a stale incarnation are gone', async () => {
    const setting = await served()
    await setting.setGuest({ settings: { a: 'b' } })
    assert.equal(await status(setting, path(1)), 410)
    assert.equal(await status(setting, path(2)), 200)
  })

  it('for another container are refused with the word that makes agents start over', async () => {
    const setting = await served()
    const answer = await fetch(setting.url + path(1, containerId.replace('5b', '6c')), { headers })
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('content-type'), 'text/xml; charset=utf-8')
    const told = childText(parseXml(await answer.text()), 'Message')
    assert.match(told ?? '', /^InvalidContainerConfiguration: /)
    assert.equal((await report(setting, { instanceId: 'd.Other_IN_0' })).status, 400)
  })

  it('for what does not exist are not found, and malformed ones are refused', async () => {
    const setting = await served()
    assert.equal(await status(setting, path(1).replace('fullConfig', 'nothing')), 404)
    assert.equal(await status(setting, '/machine?comp=nothing'), 404)
    assert.equal(await status(setting, '/metadata/instance/compute?api-version=2017'), 404)
    assert.equal(await status(setting, '/machine/%ff/x?comp=config&incarnation=1'), 400)
    assert.equal(await status(setting, path(1).replace('=1', '=one')), 400)
    const junk = await fetch(`${setting.url}/machine?comp=health`, { method: 'POST', headers, body: '<Health>' })
    assert.equal(junk.status, 400)
    const large = await fetch(`${setting.url}/machine?comp=health`, {
      method: 'POST',
      headers,
      body: 'x'.repeat(70_000),
    })
    assert.equal(large.status, 400)
    assert.deepEqual(setting.warnings, [])
  })

  it('that break off in the middle end quietly', async () => {
    const setting = await served()
    const socket = connect(Number(setting.address.split(':')[1]), '127.0.0.1')
    socket.end(
      'POST /machine?comp=health HTTP/1.1\r\nHost: x\r\nx-ms-version: 2012-11-30\r\nContent-Length: 500\r\n\r\n<Health',
    )
    socket.resume()
    await once(socket, 'close')
    assert.equal((await report(setting)).status, 200)
    assert.deepEqual(setting.warnings, [])
  })
})

describe('a health report', () => {
  it('is answered with the newest incarnation and no body', async () => {
    const setting = await served()
    await setting.setGuest({ settings: { a: 'b' } })
    const answer = await report(setting)
    assert.equal(answer.headers.get(latest), '2')
    assert.equal(await answer.text(), '')
  })

  it('is held while nothing changes, and answered at once when something does', async () => {
    const setting = await served()
    const held = report(setting, {}, { 'x-reddog-wait-ms': '30000' })
    await until(() => setting.state().containers.get(containerId)?.health !== undefined)
    await setting.setGuest({ settings: { a: 'b' } })
    assert.equal((await held).headers.get(latest), '2')
  })

  it('is held no longer than it asks for, and not at all when the guest is behind', async () => {
    const setting = await served()
    assert.equal((await report(setting, {}, { 'x-reddog-wait-ms': '100' })).headers.get(latest), '1')
    await setting.setGuest({ settings: { a: 'b' } })
    assert.equal((await report(setting, {}, { 'x-reddog-wait-ms': '30000' })).headers.get(latest), '2')
  })

  it('of an older incarnation is a sign of life and does not reach the new goal', async () => {
    const setting = await served()
    await report(setting)
    await setting.setGuest({ settings: { a: 'b' } })
    await report(setting, { goalStateIncarnation: 1 })
    const container = setting.state().containers.get(containerId)
    assert.deepEqual([container?.health?.revision, container?.record.revision], [1, 2])
    await report(setting, { goalStateIncarnation: 2 })
    assert.equal(setting.state().containers.get(containerId)?.health?.revision, 2)
  })
})

describe('signs of life', () => {
  it('are health reports, and the polls of agents of another make (wire-server.md 10.1)', async () => {
    const setting = await served()
    const heard = () => setting.state().containers.get(containerId)?.heard
    await goalOf(setting)
    await goalOf(setting, { 'x-ms-agent-name': 'WindowsAzureGuestAgent' })
    assert.equal(heard(), false)
    await goalOf(setting, { 'x-ms-agent-name': 'WALinuxAgent' })
    await until(() => heard() === true)
  })
})

describe('other requests', () => {
  it('role properties are answered 202, telemetry 200, a status blob 201', async () => {
    const { url } = await served()
    const post = (comp: string, body: string) => fetch(`${url}/machine?comp=${comp}`, { method: 'POST', headers, body })
    const properties = writeRoleProperties({
      containerId,
      instanceId: key,
      properties: { CertificateThumbprint: '9b' },
    })
    assert.equal((await post('roleProperties', properties)).status, 202)
    assert.equal((await post('telemetrydata', '<TelemetryData version="1.0"/>')).status, 200)
    assert.equal((await post('telemetrydata', 'x'.repeat(64_513))).status, 400)
    assert.equal((await fetch(`${url}/status/${containerId}?sig=0`, { method: 'PUT', body: '{}' })).status, 201)
    assert.equal((await fetch(`${url}/HealthService`, { method: 'POST', body: '{}' })).status, 404)
  })
})

describe('two guests of a host', () => {
  it('never see each other’s documents', async () => {
    const other = containerId.replace('5b', '6c')
    const [first, second] = [await served(), await served({ id: other })]
    assert.equal((await goalOf(first)).containerId, containerId)
    assert.equal((await goalOf(second)).containerId, other)
    const own = (await goalOf(first)).roleInstance?.fullConfig ?? ''
    assert.equal((await fetch(own.replace(first.address, second.address), { headers })).status, 400)
  })

  describe('answer one account alone', {
    skip: process.getuid?.() !== 0 && 'only root can be another account',
  }, () => {
    const [guest, other] = [254_321, 254_322]
    const run = async (script: string, as: number) => {
      const child = spawn(process.execPath, ['-e', script], { uid: as, gid: as, stdio: ['ignore', 'pipe', 'inherit'] })
      return (await child.stdout.setEncoding('utf8').toArray()).join('').trim()
    }
    const send = (request: string, url: string) =>
      `fetch('${url}/machine?comp=${request}',{headers:{'x-ms-version':'2012-11-30'}${request === 'goalstate' ? '' : ",method:'POST',body:'<x/>'"}}).then((a)=>console.log(a.status))`

    for (const request of ['goalstate', 'health', 'roleProperties', 'telemetrydata'])
      for (const [whose, uid] of [
        ['with an account of its own', guest],
        ['under the account of its host', undefined],
      ] as const)
        it(`${request} of a guest ${whose}`, async () => {
          const setting = await served(uid === undefined ? {} : { uid })
          assert.notEqual(await run(send(request, setting.url), uid ?? 0), '403')
          assert.equal(await run(send(request, setting.url), other), '403')
        })

    it('and not one that has hung up, which the kernel shows as root’s', async () => {
      const setting = await served()
      const body = writeHealth({ goalStateIncarnation: 1, containerId, instanceId: key, state: 'Ready' })
      const request = `POST /machine?comp=health HTTP/1.1\r\nHost: x\r\nx-ms-version: 2012-11-30\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
      const [host, port] = setting.address.split(':')
      const before = setting.state().containers.get(containerId)?.heard
      // Each ends with its connections, whose last segments carry the report.
      const script = `const s=require('net').connect(${port},'${host}',()=>s.write(${JSON.stringify(request)},()=>process.kill(process.pid,'SIGKILL')))`
      for (let round = 0; round < 5; round += 1) await run(script, other)
      await until(() => setting.warnings.length === 5, 'each was refused')
      assert.equal(setting.state().containers.get(containerId)?.heard, before)
    })
  })
})

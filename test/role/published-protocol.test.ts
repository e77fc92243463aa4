/** A role whose program speaks the published protocol of the role runtime (role-runtime.md 2 to 7), in a guest with real processes. */
import assert from 'node:assert/strict'
import { rmSync, statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Guest, hasStatus, isReady, programModel, startGuest, until } from '../guest/guest.ts'
import { copyPrograms } from '../guest/programs.ts'
import { acquire, connectPublished, release } from './published-client.ts'

let programs = ''
before(async () => {
  programs = copyPrograms()
})
after(() => rmSync(programs, { recursive: true, force: true }))

const sleeper = { 'RoleModel.xml': programModel('sleep 1000'), 'approot/x': '' }

async function inGuest(
  act: (guest: Guest, endpoint: string) => Promise<void>,
  software: Record<string, string> = sleeper,
) {
  const guest = await startGuest({ programs, software })
  try {
    await act(guest, join(guest.run, 'v'))
  } finally {
    await guest.end()
  }
}

function withQueue(guest: Guest, Queue: string) {
  const { configuration } = guest
  return { configuration: { ...configuration, specification: { ...configuration.specification, settings: { Queue } } } }
}

describe('the goal state endpoint', () => {
  it('sends one chunk at once, ASCII, without CR LF inside, its length in front (4.2)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      const [, length = '', document = ''] = /^([0-9a-f]+)\r\n([\x20-\x7e]*)\r\n$/.exec(client.reads[0] as string) ?? []
      assert.equal(Number.parseInt(length, 16), document.length)
      assert.deepEqual([client.goals[0]?.incarnation, client.goals[0]?.expected], ['0000000001', 'Started'])
      const setting = client.goals[0]?.environment.children[1]?.children[0]?.children[0]?.attributes
      assert.deepEqual({ ...setting }, { name: 'Queue', value: 'orders' })
      client.close()
    }))

  it('sends a change in a chunk of its own, the newest of several, and nothing when nothing changed (4.2, rules 3 and 7)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      const same = guest.host.want({})
      await guest.host.health((health) => health.goalStateIncarnation === same, 'Ready for the same again')
      for (const queue of ['one', 'two', 'three']) guest.host.want(withQueue(guest, queue))
      const last = guest.host.want(withQueue(guest, 'four'))
      await guest.host.health((health) => isReady(health) && health.goalStateIncarnation === last, 'Ready for the last')
      const newest = () => client.goals.at(-1)?.environment.children[1]?.children[0]?.children[0]?.attributes['value']
      await until(
        () => newest() === 'four',
        'the newest has come',
        () => client.reads.join('\n'),
      )
      assert.ok(client.goals.length <= 5)
      assert.ok(client.reads.every((read) => read.split('GoalState xmlns').length === 2))
      client.close()
    }))

  it('can be opened by the role alone: its directory is 0700 (2.2)', () =>
    inGuest(async (guest) => {
      await guest.host.health(isReady, 'Ready')
      assert.equal(statSync(guest.run).mode & 0o777, 0o700)
    }))

  it('stays open while the guest agent is killed and comes back (2.4)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      process.kill(guest.pids('WindowsAzureGuestAgent.mjs')[0] as number, 'SIGKILL')
      const seen = guest.host.reports.length
      await until(() => guest.host.reports.length > seen, 'the agent is back')
      guest.host.want(withQueue(guest, 'later'))
      await until(() => client.goals.length === 2, 'the change comes over the same connection')
      client.close()
    }))
})

describe('the current state endpoint', () => {
  it('Busy of one of two clients makes the instance Busy until that lease is released or ends by itself (6)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      await client.setState(acquire('one', 1, 'Started'))
      await client.setState(acquire('two', 1, 'Busy'))
      await guest.host.health(hasStatus('BusyRole'), 'Busy')
      await client.setState(release('two'))
      await guest.host.health(isReady, 'Ready after the release')
      await client.setState(acquire('two', 1, 'Busy', new Date(Date.now() + 600).toISOString()))
      await guest.host.health(hasStatus('BusyRole'), 'Busy again')
      await guest.host.health(isReady, 'Ready after the expiration')
      client.close()
    }))

  it('drops junk and goes on (6, rule 3)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      for (const junk of ['', 'junk', '<CurrentState/>', acquire('one', 1, 'Dancing'), `<!DOCTYPE x>${release('one')}`])
        await client.setState(junk)
      await until(() => (guest.log('WaHostBootstrapper').match(/was dropped/g) ?? []).length === 5, 'all are logged')
      await client.setState(acquire('one', 1, 'Busy'))
      await guest.host.health(hasStatus('BusyRole'), 'Busy')
      client.close()
    }))

  it('Recycle restarts the role gracefully: Stopped with a deadline comes over the goal state (7, 8.7)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      const [pid] = guest.pids('sleep')
      await client.setState(acquire('one', 1, 'Recycle'))
      await guest.host.health(hasStatus('RestartingRole'), 'RestartingRole')
      await until(() => client.goals.at(-1)?.expected === 'Stopped', 'Stopped has come')
      await client.setState(acquire('one', 2, 'Stopped'))
      await guest.host.health(isReady, 'Ready again')
      assert.notEqual(guest.pids('sleep')[0], pid)
      client.close()
    }))

  it('a program that is not ready on start is Ready when a client says Started (8.3, S-37)', () =>
    inGuest(
      async (guest, endpoint) => {
        await guest.host.health((health) => /has not reported/.test(health.description ?? ''), 'Busy')
        const client = await connectPublished(endpoint)
        await client.setState(acquire('one', 1, 'Started'))
        await guest.host.health(isReady, 'Ready')
        client.close()
      },
      { 'RoleModel.xml': programModel('sleep 1000', { readyOnStart: false }), 'approot/x': '' },
    ))
})

describe('a changed setting', () => {
  const acceptedAfter = async (guest: Guest, act: (incarnation: number) => Promise<void>) => {
    const incarnation = guest.host.want(withQueue(guest, 'returns'))
    await act(incarnation)
    await guest.host.health(
      (health) => isReady(health) && health.goalStateIncarnation === incarnation,
      'Ready for the change',
    )
  }

  it('is accepted when the client that holds a lease has acquired it again, not before (6, rule 7)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      await client.setState(acquire('one', 1, 'Started'))
      await acceptedAfter(guest, async (incarnation) => {
        await until(() => client.goals.length === 2, 'the change has come')
        assert.ok(!guest.host.reports.some(({ goalStateIncarnation }) => goalStateIncarnation === incarnation))
        await client.setState(acquire('one', 2, 'Started'))
      })
      client.close()
    }))

  it('is accepted at once where nobody listens: a lease whose client has gone holds nothing up', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      await client.setState(acquire('one', 1, 'Started'))
      client.close()
      const other = await connectPublished(endpoint)
      await other.setState(acquire('two', 1, 'Started'))
      await acceptedAfter(guest, async () => {
        await until(() => other.goals.length === 2, 'the change has come')
        await other.setState(acquire('two', 2, 'Started'))
      })
      other.close()
      guest.host.want({ role: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped', 4_000)
    }))

  it('that a client cancels recycles the role, which starts with the new value (7, 8.7)', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      const client = await connectPublished(endpoint)
      const [pid] = guest.pids('sleep')
      await acceptedAfter(guest, async () => {
        await until(() => client.goals.length === 2, 'the change has come')
        await client.setState(acquire('one', 2, 'Recycle'))
        await guest.host.health(hasStatus('RestartingRole'), 'RestartingRole')
        await until(() => client.goals.at(-1)?.expected === 'Stopped', 'Stopped has come')
        await client.setState(acquire('one', 3, 'Stopped'))
      })
      assert.notEqual(guest.pids('sleep')[0], pid)
      client.close()
    }))
})

describe('the file flavour', () => {
  it('serves a program called php with files and a FIFO (2.3)', () =>
    inGuest(
      async (guest, endpoint) => {
        await guest.host.health(isReady, 'Ready')
        assert.ok(statSync(endpoint).isFile())
        assert.ok(statSync(join(guest.run, 'g')).isFile())
        const { writeFileSync, readFileSync } = await import('node:fs')
        assert.match(readFileSync(join(guest.run, 'g'), 'utf8'), /^[0-9a-f]+\r\n<\?xml.*<\/GoalState>\r\n$/)
        writeFileSync(join(guest.run, 's'), acquire('php', 1, 'Busy'))
        await guest.host.health(hasStatus('BusyRole'), 'Busy')
        writeFileSync(join(guest.run, 's'), release('php'))
        await guest.host.health(isReady, 'Ready')
      },
      {
        'RoleModel.xml': programModel('php_entry.cmd .\\index.php'),
        'approot/php_entry.sh': '#!/bin/sh\nexec sleep 1000\n',
      },
    ))
})

describe('the version endpoint', () => {
  it('lists both protocols and closes', () =>
    inGuest(async (guest, endpoint) => {
      await guest.host.health(isReady, 'Ready')
      let text = ''
      for await (const part of createConnection(endpoint).setEncoding('utf8')) text += part
      assert.match(text, /version="2011-03-08" path="[^"]+"/)
      assert.match(text, /version="reddog-1" path="[^"]+"/)
      assert.doesNotMatch(text, /\r\n/)
    }))
})

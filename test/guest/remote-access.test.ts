/** RemoteAccess in a guest with real processes: which account it makes of the settings, and what it says where it makes none (P-20 to P-22). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { remoteAccessOf } from '../../src/guest/plugins/remote-access/account.ts'
import { hostKeyFrom } from '../../src/machine/ssh/host-key.ts'
import { clientWords, runClient, type SignIn, signIn } from '../sign-in.ts'
import { type Guest, isReady, programModel, inGuest as startedIn, until } from './guest.ts'
import { copyPrograms } from './programs.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-remote-access-'))
let programs = ''
before(async () => {
  programs = copyPrograms()
})
after(() => {
  for (const path of [directory, programs]) rmSync(path, { recursive: true, force: true })
})

const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })
for (const name of ['ours', 'other'])
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
  )
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'stranger')])
const read = (name: string) => readFileSync(join(directory, name), 'utf8')
writeFileSync(join(directory, 'password'), 'Pässword#1')

/** The password as Visual Studio and others encrypted it, by openssl. */
function encrypted(cipher = 'des3', certificate = 'ours'): string {
  return openssl(
    'cms',
    '-encrypt',
    '-binary',
    `-${cipher}`,
    '-in',
    'password',
    '-outform',
    'DER',
    `${certificate}.pem`,
  ).toString('base64')
}

const namespace = 'Microsoft.WindowsAzure.Plugins.RemoteAccess'
const settingsWith = (changes: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries({
      Enabled: 'true',
      AccountUsername: 'operator',
      AccountEncryptedPassword: encrypted(),
      AccountExpiration: '2099-12-31T23:59:59.0000000+01:00',
      ...changes,
    }).map(([name, value]) => [`${namespace}.${name}`, value]),
  )

const rdp = { name: `${namespace}.Rdp`, kind: 'internal', protocol: 'tcp', port: 3389, lastPort: 3389 } as const

/** Acts in a guest whose role imports RemoteAccess, as it stands in a package of the original's SDK. */
type InGuest = (
  settings: Readonly<Record<string, string>>,
  act: (guest: Guest) => Promise<void>,
  serve?: string,
) => Promise<void>

/** `ownLists`: in that guest OpenSSH's server lets operators in. */
const guestWith =
  (ownLists: boolean): InGuest =>
  (settings, act, serve = 'read never <> /dev/zero') => {
    const task = (words: string, type: string) =>
      `<Task commandLine="RemoteAccessAgent.exe${words}" executionContext="elevated" taskType="${type}" relativePath="plugins\\RemoteAccess"><Environment/></Task>`
    const tasks = `<Startup>${task('', 'background')}${task(' /blockStartup', 'simple')}</Startup>`
    const software = {
      'RoleModel.xml': programModel('serve.sh', { tasks }),
      'approot/serve.sh': `#!/bin/sh\necho the role runs\n${serve}\n`,
    }
    const drives = {
      [`c/Certificates/${namespace}.PasswordEncryption.pem`]: read('ours.pem'),
      [`c/Certificates/${namespace}.PasswordEncryption.key`]: read('ours.key'),
    }
    return startedIn(
      { programs, software, drives, specification: { settings }, endpoints: [rdp], uid: 61_234, ownLists },
      act,
    )
  }

const ssh = ({ settings: { address } }: Pick<Guest, 'settings'>, command: string, how: Partial<SignIn> = {}) =>
  signIn({ address, port: 3389 }, command, { name: 'operator', password: 'Pässword#1', ...how })

const servers = [
  { by: 'the library ssh2', inGuest: guestWith(false), skip: false },
  { by: 'OpenSSH', inGuest: guestWith(true), skip: existsSync('/usr/sbin/sshd') ? false : 'openssh-server is missing' },
] as const

describe('OpenSSH’s server', { skip: servers[1].skip }, () => {
  const { inGuest } = servers[1]

  it('waits for a password until the moment of the expiration, and no longer (P-22)', () =>
    inGuest(settingsWith(), async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const expiresAt = new Date(Date.now() + 1_900)
      await change(guest, { AccountExpiration: expiresAt.toISOString() }, `is valid until ${expiresAt.toISOString()}`)
      const socket = createConnection(3389, guest.settings.address).resume()
      await once(socket, 'close')
      assert.ok(Date.now() + 100 >= expiresAt.getTime(), 'not before')
    }))

  it('lets nobody go on whom a killed agent has left, when RemoteAccess is not enabled any more (P-20)', () =>
    inGuest(settingsWith(), async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const session = ssh(guest, 'sleep 86393')
      await until(() => guest.pids('86393').length > 0, 'a session runs')
      for (const pid of guest.pids('RemoteAccessAgent.mjs')) process.kill(pid, 'SIGKILL')
      guest.host.want({ role: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
      assert.ok(guest.pids('86393').length > 0, 'it goes on')
      const specification = { ...guest.configuration.specification, settings: settingsWith({ Enabled: 'false' }) }
      guest.host.want({ role: 'Started', configuration: { ...guest.configuration, specification } })
      await until(() => guest.log('RemoteAccessAgent').includes('is not enabled'), 'the agent is there again')
      await until(() => guest.pids('86393').length === 0, 'it has ended')
      assert.equal((await session).code, 255)
    }))

  it('ends who is signed in when nobody may be any more, whatever has become of its lists of accounts (P-25)', () =>
    inGuest(settingsWith(), async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const session = ssh(guest, 'chmod 400 /etc/shadow && touch ~/closed && exec sleep 86392')
      await until(() => existsSync(join(guest.root, 'c/Users/operator/closed')), 'a session runs')
      await change(guest, { Enabled: 'false' }, 'RemoteAccess is not enabled')
      await until(() => guest.pids('86392').length === 0, 'it has ended')
      assert.equal((await session).code, 255)
      assert.match(
        guest.log('RemoteAccessAgent'),
        /still stands in the list of accounts, and nobody is served\. EACCES/,
      )
      await change(
        guest,
        { AccountUsername: 'other' },
        'Nobody can sign in: the account cannot be named to /usr/sbin/sshd. EACCES',
      )
      assert.equal((await ssh(guest, 'true', { name: 'other' })).code, 255)
    }))
})

describe('the settings of RemoteAccess', () => {
  const rows: readonly (readonly [when: string, changes: Readonly<Record<string, string>>, says: RegExp | string])[] = [
    ['are complete', {}, 'operator until 4102441199000'],
    ['name no offset: it is UTC', { AccountExpiration: '2030-01-01T00:00:00' }, 'operator until 1893456000000'],
    ['do not enable it', { Enabled: 'false' }, /^off RemoteAccess is not enabled/],
    ['lack what enables it', { Enabled: '' }, /^off RemoteAccess is not enabled/],
    ['name nobody', { AccountUsername: '' }, /^refused Nobody can sign in: the setting AccountUsername is ""/],
    ['name what forwarding would take apart', { AccountUsername: 'a#b' }, /AccountUsername is "a#b"\. Name an account/],
    ['name root', { AccountUsername: 'root' }, /the name root is one of the system's/],
    ['name Administrator', { AccountUsername: 'ADMINISTRATOR' }, /the name ADMINISTRATOR is one of the system's/],
    ['name an account of the system', { AccountUsername: 'daemon' }, /the name daemon is one of the system's/],
    ['say no time', { AccountExpiration: 'tomorrow' }, /AccountExpiration is "tomorrow"\. Write a time such as/],
    ['say a time that is none', { AccountExpiration: '2030-13-41T00:00:00Z' }, /AccountExpiration is "2030-13-41/],
  ]
  for (const [when, changes, says] of rows)
    it(`that ${when} (P-20, P-22)`, () => {
      const access = remoteAccessOf(settingsWith(changes), new Set(['daemon']), true)
      const said =
        access.kind === 'on'
          ? `${access.account.name} until ${access.account.expiresAt}`
          : `${access.kind} ${access.why}`
      if (typeof says === 'string') assert.equal(said, says)
      else assert.match(said, says)
    })

  it('of an instance that has no account of its own let nobody in (P-28)', () => {
    const access = remoteAccessOf(settingsWith(), new Set(), false)
    assert.match(access.kind === 'off' ? access.why : '', /share the account of the fabric itself/)
  })
})

for (const { by, inGuest, skip } of servers)
  describe(`its agent, by ${by}`, { skip }, () => {
    it('is ready before the role runs, and stays one process (P-3 to P-7)', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.match(guest.log('RemoteAccessAgent'), /The account operator is valid until 2099-12-31T22:59:59/)
        assert.match(
          guest.log('WaHostBootstrapper'),
          /type=2 rolemodule=RemoteAccess cmd="RemoteAccessAgent\.exe"[^]*type=0 [^\n]* \/blockStartup" ended with exit code 0/,
        )
        assert.equal(guest.pids('RemoteAccessAgent.mjs').length, 1)
      }))

    it('says that the password is for another certificate, and the role runs (P-21)', () =>
      inGuest(settingsWith({ AccountEncryptedPassword: encrypted('aes256', 'other') }), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const says =
          /AccountEncryptedPassword cannot be opened with the certificate PasswordEncryption\. It is for another/
        await until(
          () => says.test(guest.log('RemoteAccessAgent')),
          'it is said',
          () => guest.log('RemoteAccessAgent'),
        )
      }))
  })

for (const { by, inGuest, skip } of servers)
  describe(`an operator, by ${by}`, { skip }, () => {
    it('signs in by a password of 3DES or AES, with a terminal or without, and has the account of the instance (P-20, P-21)', () =>
      inGuest(settingsWith({ AccountEncryptedPassword: encrypted('aes128') }), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const plain = await ssh(guest, 'echo $RoleInstanceID of $USER in $HOME; id -u; cat; echo bad >&2; exit 7', {
          input: 'sent',
        })
        assert.equal(plain.code, 7, plain.stderr)
        assert.match(plain.stdout, /^Worker_IN_0 of operator in \S+\/c\/Users\/operator\n\d+\nsent$/)
        assert.equal(plain.stdout.split('\n')[1], '61234')
        assert.match(plain.stderr, /is gone when the instance is reimaged[^]*bad\n/)
        const terminal = await ssh(guest, 'tty; echo $TERM; exit 5', { words: ['-tt'] })
        assert.equal(terminal.code, 5, terminal.stderr)
        assert.match(terminal.stdout, /\/dev\/pts\/\d+\r\n/)
        assert.match(guest.log('RemoteAccessAgent'), /"operator" from \S+ has signed in\.\n/)
        assert.ok(!guest.log('RemoteAccessAgent').includes('word#1'))
      }))

    it('copies files, has a terminal of the size of its window, and what it runs ends with it', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const at = `operator@${guest.settings.address}`
        const home = join(guest.root, 'c/Users/operator')
        const words = [...clientWords, '-P', '3389', '-q']
        const run = (program: string, ...more: string[]) =>
          runClient(program, [...words, ...more], 'Pässword#1', async ({ stdin }) => void stdin.end())

        const sent = randomBytes(1_000_000)
        writeFileSync(join(directory, 'sent'), sent)
        const copied = await run('scp', join(directory, 'sent'), `${at}:sent`)
        assert.equal(copied.code, 0, copied.stderr)
        // Whole, and as a yes or no: a difference of a megabyte is not to be printed.
        const isSent = (file: string) => assert.ok(readFileSync(file).equals(sent), file)
        isSent(join(home, 'sent'))
        const back = await run('scp', `${at}:sent`, join(directory, 'back'))
        assert.equal(back.code, 0, back.stderr)
        isSent(join(directory, 'back'))
        if (by === 'OpenSSH') {
          const former = await run('scp', '-O', join(directory, 'sent'), `${at}:former`)
          assert.equal(former.code, 0, former.stderr)
          isSent(join(home, 'former'))
          rmSync(join(home, 'former'))
        }

        const lines = [
          'mkdir one',
          'put sent one/two',
          'chmod 600 one/two',
          'rename one/two one/three',
          'symlink three one/link',
          'ls -l one',
          'get one/link fetched',
          '-get /etc/gshadow stolen',
          '-rm one/none',
          'rm one/link',
          'rm one/three',
          'rmdir one',
          'ls -1',
        ]
        const batch = await runClient(
          'sh',
          ['-c', 'cd "$0" && exec sftp -o BatchMode=no -b - "$@"', directory, ...words, at],
          'Pässword#1',
          async ({ stdin }) => void stdin.end(`${lines.join('\n')}\n`),
        )
        assert.equal(batch.code, 0, batch.stderr)
        assert.match(batch.stdout, /-rw------- .* 1000000 .*three/)
        assert.match(batch.stdout, /ls -1\nsent\n$/)
        assert.match(batch.stderr, /\/etc\/gshadow.*Permission denied[^]*No such file/i)
        isSent(join(directory, 'fetched'))

        const loop = 'echo it runs; until [ "$(stty size)" = "33 111" ]; do sleep 0.05; done; echo is resized'
        const line = ['ssh', ...clientWords, '-tt', '-p', '3389', at, `'${loop}'`].join(' ')
        const window = await runClient('script', ['-qfec', line, '/dev/null'], 'Pässword#1', async (script) => {
          await heard(script.stdout, 'it runs')
          const [child = ''] = readFileSync(`/proc/${script.pid}/task/${script.pid}/children`, 'utf8').split(' ')
          execFileSync('stty', ['-F', readlinkSync(`/proc/${child}/fd/0`), 'rows', '33', 'cols', '111'])
        })
        assert.match(window.stdout, /is resized/)

        const ask = (command: string, act: Parameters<typeof runClient>[3], terminal = '-T') =>
          runClient('ssh', [...clientWords, terminal, '-p', '3389', at, command], 'Pässword#1', act)
        const interrupted = await ask(
          'trap "echo interrupted; exit 9" INT; echo it runs; while :; do sleep 0.05; done',
          async ({ stdin, stdout }) => {
            await heard(stdout, 'it runs')
            stdin.write('\x03')
          },
          '-tt',
        )
        assert.deepEqual([/interrupted\r\n/.test(interrupted.stdout), interrupted.code], [true, 9])
        await ask('echo it runs; exec sleep 86399', async (child) => {
          await heard(child.stdout, 'it runs')
          child.kill('SIGKILL')
        })
        await until(() => guest.pids('86399').length === 0, 'what it ran has ended')
      }))

    it('is not let in from the second of the expiration on, and stays if he has been (P-22, P-25)', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const session = ssh(guest, 'until [ -e ~/enough ]; do sleep 0.05; done; echo still here')
        await until(() => guest.log('RemoteAccessAgent').includes('has signed in'), 'he has signed in')
        const expiresAt = new Date(Date.now() + 1_500)
        await change(guest, { AccountExpiration: expiresAt.toISOString() }, `is valid until ${expiresAt.toISOString()}`)
        await until(() => Date.now() >= expiresAt.getTime(), 'it has expired')
        assert.equal((await ssh(guest, 'touch ~/enough')).code, 255)
        const refusal = /"operator" from \S+ is refused: the account has expired on/
        await until(() => refusal.test(guest.log('RemoteAccessAgent')), 'the refusal in the log')
        writeFileSync(join(guest.root, 'c/Users/operator/enough'), '')
        assert.deepEqual(await session.then(({ stdout, code }) => [stdout, code]), ['still here\n', 0])
      }))

    it('waits with nine others at most who have not signed in either', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const open = Array.from({ length: 11 }, () => createConnection(3389, guest.settings.address))
        const closed = new Set<Socket>()
        try {
          const answers = open.map(async (socket) => {
            socket.once('close', () => closed.add(socket))
            await Promise.race([once(socket, 'data'), once(socket, 'close')])
          })
          await Promise.all(answers)
          await until(() => closed.size > 0, 'one is sent away')
          assert.equal(closed.size, 1)
        } finally {
          for (const socket of open) socket.destroy()
        }
      }))

    it('leaves behind what has left its session, as with nohup and setsid, and no more', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const begin = (how: string, name: string, seconds: number) =>
          `${how} sh -c 'touch ~/${name}; exec sleep ${seconds}' >/dev/null 2>&1 </dev/null &`
        const three = [begin('setsid', 'one', 86_397), begin('nohup', 'two', 86_396), begin('', 'three', 86_395)].join(
          ' ',
        )
        await ssh(guest, `${three} until [ -e ~/one -a -e ~/two -a -e ~/three ]; do sleep 0.05; done`)
        await until(() => guest.pids('86395').length === 0, 'what belongs to it has ended')
        assert.deepEqual([guest.pids('86396').length, guest.pids('86397').length], [1, 1])
      }))

    it('has nothing but a password and a session: no key, and no forwarding', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const key = [
          '-o',
          'PubkeyAuthentication=yes',
          '-o',
          'PreferredAuthentications=publickey',
          '-i',
          join(directory, 'stranger'),
        ]
        const stranger = await runClient(
          'ssh',
          [...key, ...clientWords, '-p', '3389', `operator@${guest.settings.address}`, 'true'],
          '',
          async () => {},
        )
        assert.deepEqual([stranger.code, /Permission denied \(password\)/.test(stranger.stderr)], [255, true])
        const { address } = guest.settings
        const tunnel = ['-o', 'ExitOnForwardFailure=yes', '-W', `${address}:3389`]
        assert.match((await ssh(guest, '', { words: tunnel })).stderr, /open failed: administratively prohibited/)
        const reverse = ['-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:1']
        assert.match((await ssh(guest, 'true', { words: reverse })).stderr, /remote port forwarding failed/)
      }))

    it('is answered by the key that follows from the certificate of the passwords (P-29)', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const file = join(directory, 'host-key')
        const keyOf = (privateKey: string) => {
          writeFileSync(file, hostKeyFrom(privateKey), { mode: 0o600 })
          return execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()
        }
        const scanned = execFileSync('ssh-keyscan', ['-p', '3389', guest.settings.address], {
          encoding: 'utf8',
          stdio: 'pipe',
        })
        assert.equal(scanned.trim().split(' ').slice(-2).join(' '), keyOf(read('ours.key')))
        const older = openssl('pkey', '-in', 'ours.key', '-traditional').toString()
        assert.notEqual(older, read('ours.key'))
        assert.equal(keyOf(older), keyOf(read('ours.key')))
        assert.notEqual(keyOf(read('other.key')), keyOf(read('ours.key')))
      }))

    const refused: readonly (readonly [
      what: string,
      changes: Readonly<Record<string, string>>,
      password: string | undefined,
      says: RegExp,
    ])[] = [
      ['with a wrong password', {}, 'wrong', /"operator" from \S+ is refused: no such account, or a wrong password/],
      ['with none', {}, '', /is refused: no such account, or a wrong password/],
      [
        'after its expiration (P-22)',
        { AccountExpiration: '2020-01-01T00:00:00Z' },
        undefined,
        /is refused: the account has expired on 2020-01-01/,
      ],
      [
        'whose password is for another certificate',
        { AccountEncryptedPassword: encrypted('des3', 'other') },
        undefined,
        /cannot be opened with the certificate PasswordEncryption/,
      ],
      [
        'whose password is no envelope',
        { AccountEncryptedPassword: 'secret' },
        'secret',
        /cannot be opened with the certificate PasswordEncryption/,
      ],
    ]
    for (const [what, changes, password, says] of refused)
      it(`${what} is refused, and the role runs`, () =>
        inGuest(settingsWith(changes), async (guest) => {
          await guest.host.health(isReady, 'Ready')
          const { code, stderr } = await ssh(guest, 'true', password === undefined ? {} : { password })
          assert.equal(code, 255)
          assert.match(stderr, /Permission denied/)
          assert.match(guest.log('RemoteAccessAgent'), says)
        }))

    it('finds nothing that listens while it is not enabled', () =>
      inGuest(settingsWith({ Enabled: 'false' }), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.match((await ssh(guest, 'true')).stderr, /Connection refused/)
      }))

    it('is let in by what the newest configuration says, and no role is started again for it (P-25)', () =>
      inGuest(settingsWith(), async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await change(guest, { AccountUsername: 'other' }, 'The account other is valid')
        assert.equal((await ssh(guest, 'true')).code, 255)
        assert.equal((await ssh(guest, 'true', { name: 'other' })).code, 0)
        const session = ssh(guest, 'exec sleep 86398', { name: 'other' })
        await until(() => guest.pids('86398').length === 1, 'a session runs')
        await change(guest, { Enabled: 'false' }, 'RemoteAccess is not enabled')
        assert.equal((await session).code, 255)
        await until(() => guest.pids('86398').length === 0, 'it has ended')
        assert.match((await ssh(guest, 'true', { name: 'other' })).stderr, /Connection refused/)
        await change(guest, { AccountUsername: 'third' }, 'The account third is valid')
        assert.equal((await ssh(guest, 'true', { name: 'third' })).code, 0)
        assert.equal(guest.log('RoleOutput').split('the role runs').length, 2)
      }))

    it('signs in while the role is recycled again and again, and is not cut off by it (P-24)', () =>
      inGuest(
        settingsWith(),
        async (guest) => {
          const [pid] = await firstOf(() => guest.pids('RemoteAccessAgent.mjs'))
          await until(() => guest.log('RemoteAccessAgent').includes('is reached by SSH'), 'it serves')
          const session = ssh(guest, 'until [ -e ~/enough ]; do sleep 0.05; done; echo still here')
          await until(() => guest.log('RemoteAccessAgent').includes('has signed in'), 'the first has signed in')
          const { failures = 0 } = guest.host.reports.at(-1) ?? {}
          await guest.host.health((health) => (health.failures ?? 0) >= failures + 2, 'two more failures')
          assert.equal((await ssh(guest, 'touch ~/enough')).code, 0)
          assert.deepEqual(await session.then(({ stdout, code }) => [stdout, code]), ['still here\n', 0])
          assert.ok(guest.pids('RemoteAccessAgent.mjs').includes(pid as number))
        },
        'exit 3',
      ))
  })

/** Gives the guest another configuration, and resolves when the log says that. */
async function change(guest: Guest, changes: Readonly<Record<string, string>>, says: string): Promise<void> {
  const specification = { ...guest.configuration.specification, settings: settingsWith(changes) }
  guest.host.want({ configuration: { ...guest.configuration, specification } })
  await until(() => guest.log('RemoteAccessAgent').includes(says), says)
}

/** Resolves when that has been read; others go on reading. */
async function heard(stream: Readable, word: string): Promise<void> {
  let all = ''
  const seen = new Promise<void>((resolve) => {
    stream.on('data', (chunk) => {
      all += String(chunk)
      if (all.includes(word)) resolve()
    })
    stream.once('end', resolve)
  })
  await seen
  assert.ok(all.includes(word), all)
}

/** What is found, as soon as anything is. */
async function firstOf<Found>(look: () => readonly Found[]): Promise<readonly Found[]> {
  await until(() => look().length > 0, 'it is there')
  return look()
}

/** RemoteAccess in a guest with real processes: which account it makes of the settings, and what it says where it makes none (P-20 to P-22). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { remoteAccessOf } from '../../src/guest/plugins/remote-access/account.ts'
import { type Guest, isReady, programModel, inGuest as startedIn, until } from './guest.ts'
import { buildPrograms } from './programs.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-remote-access-'))
let programs = ''
before(async () => {
  programs = await buildPrograms()
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

/** A guest whose role imports RemoteAccess, as it stands in a package of the original's SDK. */
function inGuest(settings: Readonly<Record<string, string>>, act: (guest: Guest) => Promise<void>): Promise<void> {
  const task = (words: string, type: string) =>
    `<Task commandLine="RemoteAccessAgent.exe${words}" executionContext="elevated" taskType="${type}" relativePath="plugins\\RemoteAccess"><Environment/></Task>`
  const tasks = `<Startup>${task('', 'background')}${task(' /blockStartup', 'simple')}</Startup>`
  const software = {
    'RoleModel.xml': programModel('serve.sh', { tasks }),
    'approot/serve.sh': '#!/bin/sh\nread never <> /dev/zero\n',
  }
  const drives = {
    [`c/Certificates/${namespace}.PasswordEncryption.pem`]: read('ours.pem'),
    [`c/Certificates/${namespace}.PasswordEncryption.key`]: read('ours.key'),
  }
  return startedIn({ programs, software, drives, specification: { settings } }, act)
}

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
      const access = remoteAccessOf(settingsWith(changes), new Set(['daemon']))
      const said =
        access.kind === 'on'
          ? `${access.account.name} until ${access.account.expiresAt}`
          : `${access.kind} ${access.why}`
      if (typeof says === 'string') assert.equal(said, says)
      else assert.match(said, says)
    })
})

describe('its agent', () => {
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

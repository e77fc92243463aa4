/** The machine key of a web role on its way (I-14, wire-server.md 8): derived for a role in a deployment, opened by the guest that asked. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { wireHeaders } from '../../src/guest/contract/headers.ts'
import { machineKeyPurpose, readMachineKey } from '../../src/guest/contract/machine-key.ts'
import type { InstanceGoal } from '../../src/host/contract/goal.ts'
import { openerWith } from '../../src/machine/certificates/party-sealer.ts'
import { newSealingKey, sealerWith } from '../../src/machine/certificates/sealer.ts'
import {
  machineKeyBytes,
  machineKeyElement,
  purposeOfMachineKey,
} from '../../src/service-model/application-host/machine-key.ts'
import { containerId } from '../host/goals.ts'
import { wireSetting } from './wire-setting.ts'

describe('a machine key', () => {
  it('is the same for all instances of a role, and another for another role, deployment or fabric', () => {
    const [fabric, another] = [sealerWith(newSealingKey()), sealerWith(newSealingKey())]
    const keyOf = (deployment: string, role: string, of = fabric) =>
      of.derive(purposeOfMachineKey(deployment, role), machineKeyBytes).toString('hex')
    assert.equal(keyOf('d1', 'Web'), keyOf('d1', 'Web'))
    const others = [keyOf('d1', 'Web'), keyOf('d1', 'Api'), keyOf('d2', 'Web'), keyOf('d1', 'Web', another)]
    assert.equal(new Set(others).size, others.length)
  })

  it('has the shape of IIS: 64 bytes for HMACSHA256, 32 for AES; what is none is refused', () => {
    const { markup } = machineKeyElement(`${'a'.repeat(128)}${'b'.repeat(64)}`)
    assert.match(
      markup,
      /^<machineKey validationKey="A{128}" decryptionKey="B{64}" validation="HMACSHA256" decryption="AES" ?\/>$/,
    )
    for (const none of ['', 'a'.repeat(191), 'g'.repeat(192)])
      assert.throws(() => machineKeyElement(none), /does not have 192 hexadecimal digits/)
  })
})

describe('a guest that asks for its machine key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

  async function serving(t: TestContext, machineKey?: InstanceGoal['machineKey']) {
    const setting = await wireSetting()
    t.after(() => setting.close())
    await setting.setGoal({ machineKey })
    const ask = (transport: string) =>
      fetch(`${setting.url}/machine/?comp=machineKey`, {
        headers: { [wireHeaders.version]: '2012-11-30', [wireHeaders.transportKey]: transport },
      })
    return { setting, ask }
  }

  it('is answered with what it alone opens, and is refused without a key of RSA of the usual size', async (t) => {
    // The host of this setting opens what it is given by reading it.
    const { ask } = await serving(t, { sealed: 'the digits', purpose: 'x' })
    const text = await (await ask(publicKey.toString('base64'))).text()
    assert.doesNotMatch(text, /the digits/)
    assert.equal(openerWith(privateKey).open(readMachineKey(text), machineKeyPurpose).toString(), 'the digits')
    const pairs = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
    ]
    const others = pairs.map((pair) => pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'))
    for (const wrong of ['none', ...others]) assert.equal((await ask(wrong)).status, 400)
  })

  it('is told that there is none for a role that is no web role', async (t) => {
    const { ask } = await serving(t)
    assert.equal((await ask(publicKey.toString('base64'))).status, 404)
  })

  it('has no new incarnation of its goal because the key was sealed anew', async (t) => {
    const { setting } = await serving(t, { sealed: 'once', purpose: 'x' })
    const incarnation = () => setting.state().containers.get(containerId)?.record.incarnation
    const before = incarnation()
    await setting.setGoal({ machineKey: { sealed: 'again', purpose: 'x' } })
    assert.equal(incarnation(), before)
  })
})

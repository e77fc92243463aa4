import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operationDocument } from '../../src/front-end/contract/wire/operation.ts'
import { until } from '../until.ts'
import { certificateOf } from './front-end-process.ts'
import { startHouse } from './real-house.ts'

/** Without a host: everything up to placement. */
const house = await startHouse({ after }, { maxServices: 2 })

const namespace = 'http://schemas.microsoft.com/windowsazure'
const services = '/services/hostedservices'
const create = (name: string) =>
  `<CreateHostedService xmlns="${namespace}"><ServiceName>${name}</ServiceName><Label>bA==</Label><Location>Reddog</Location></CreateHostedService>`

test('A cloud service is created, shown in its own spelling, tracked, changed and deleted (C-1 to C-6, O-4)', async () => {
  const created = await house.ask('POST', services, { body: create('Shop') })
  assert.equal(created.status, 201, created.body)
  const status = await endOf(created.headers['x-ms-request-id'])
  assert.deepEqual([status.status, status.httpStatusCode], ['Succeeded', 200])
  const taken = await house.ask('POST', services, { body: create('SHOP') })
  assert.equal(taken.status, 409)
  assert.match(taken.body, /<Code>ConflictError<\/Code><Message>The specified DNS name is already taken\.</)
  assert.match((await house.ask('GET', `${services}/operations/isavailable/shop`)).body, /<Result>false</)
  const update = `<UpdateHostedService xmlns="${namespace}"><Description>new</Description></UpdateHostedService>`
  assert.equal((await house.ask('PUT', `${services}/shop`, { body: update })).status, 200)
  assert.match((await house.ask('GET', `${services}/sHOP`)).body, /<ServiceName>Shop<.*<Description>new</)
  assert.equal((await house.ask('DELETE', `${services}/shop`)).status, 200)
  const gone = await house.ask('GET', `${services}/shop`)
  assert.equal(gone.status, 404)
  assert.match(gone.body, /The hosted service does not exist\./)
})

test('A package that nobody can read ends the operation as Failed and leaves the slot empty (B-3, O-5)', async () => {
  assert.equal((await house.ask('POST', services, { body: create('Bad') })).status, 201)
  const slot = `${services}/bad/deploymentslots/production`
  const configuration = Buffer.from(
    '<ServiceConfiguration serviceName="Bad" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="R"><Instances count="1"/></Role></ServiceConfiguration>',
  )
  const body = `<CreateDeployment xmlns="${namespace}"><Name>v1</Name><PackageUrl>http://127.0.0.1:9/packages/p/bad.cspkg</PackageUrl><Label>bA==</Label><Configuration>${configuration.toString('base64')}</Configuration></CreateDeployment>`
  const accepted = await house.ask('POST', slot, { body })
  assert.equal(accepted.status, 202, accepted.body)
  const status = await endOf(accepted.headers['x-ms-request-id'])
  assert.deepEqual([status.status, status.httpStatusCode, status.error?.code], ['Failed', 400, 'BadRequest'])
  assert.equal((await house.ask('GET', slot)).status, 404)
  const listed = await house.ask('GET', '/operations?StartTime=2020-01-01&EndTime=2100-01-01')
  assert.match(listed.body, /<OperationName>CreateDeploymentBySlot<.*<Status>Failed</)
  const events = await house.ask('GET', '/reddog/hostedservices/bad/events')
  assert.equal(events.status, 200, events.body)
})

test('Two requests for one name, together: exactly one is accepted (O-11)', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => house.ask('POST', services, { body: create('race') })))
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 409, 409],
  )
})

test('The quota of the subscription speaks the words of the original (section 6)', async () => {
  const answer = await house.ask('POST', services, { body: create('third') })
  assert.equal(answer.status, 400)
  assert.match(
    answer.body,
    /The subscription policy limit for resource type '[^']+' was exceeded\. The limit for resource type '[^']+' is 2 per subscription, the current count is 2, and the requested increment is 1\./,
  )
})

test('A second management certificate works until it is deleted; the last one stays (S-7)', async () => {
  const second = certificateOf('second')
  const body = `<SubscriptionCertificate xmlns="${namespace}"><SubscriptionCertificateThumbprint>${second.thumbprint}</SubscriptionCertificateThumbprint><SubscriptionCertificateData>${second.data}</SubscriptionCertificateData></SubscriptionCertificate>`
  assert.equal((await house.ask('GET', '/locations', { certificate: second })).status, 403)
  assert.equal((await house.ask('POST', '/certificates', { body })).status, 200)
  assert.equal((await house.ask('GET', '/locations', { certificate: second })).status, 200)
  assert.equal((await house.ask('DELETE', `/certificates/${second.thumbprint}`)).status, 200)
  assert.equal((await house.ask('GET', '/locations', { certificate: second })).status, 403)
  const last = await house.ask('DELETE', `/certificates/${house.management.thumbprint}`)
  assert.equal(last.status, 409, last.body)
})

/** The status of an operation, once it has ended. */
async function endOf(requestId: unknown) {
  const status = async () => {
    const { body } = await house.ask('GET', `/operations/${String(requestId)}`)
    const read = operationDocument.read(body)
    assert.ok(read.ok, body)
    return read.value
  }
  await until(async () => (await status()).status !== 'InProgress', `operation ${String(requestId)} ends`)
  return status()
}

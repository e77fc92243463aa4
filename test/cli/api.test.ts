/** The command line's client, over real TLS with real certificates, against a server that answers what a front end might. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import { after, before, describe, it } from 'node:test'
import { openApi } from '../../src/client/cli/api.ts'
import { type Api, ApiRefusal } from '../../src/client/service-management/api.ts'
import { openServiceManagement } from '../../src/client/service-management/service-management.ts'
import { errorDocument } from '../../src/front-end/contract/wire/error.ts'
import { issueCertificate, makeAuthority, selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'

const authority = makeAuthority('test')
const serverPair = issueCertificate(authority, { commonName: 'front-end', usage: 'server', hosts: ['127.0.0.1'] })
const user = selfSignedCertificate('user')
const subscriptionId = '00000000-0000-0000-0000-0000000000aa'

let server: Server
let asked: { readonly request: IncomingMessage; readonly thumbprint: string }[]
let answer: { readonly status: number; readonly body: string }

function api(managementUrl: string, authorityPem: string | undefined = authority.certificatePem): Api {
  return openApi({ ...user, managementUrl, subscriptionId, authorityPem, start: 'reddog up --data there' })
}

function address(): string {
  return `https://127.0.0.1:${(server.address() as { port: number }).port}`
}

before(async () => {
  asked = []
  server = createServer(
    { cert: serverPair.certificatePem, key: serverPair.keyPem, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { raw } = (request.socket as unknown as { getPeerCertificate(): { raw: Buffer } }).getPeerCertificate()
      asked.push({ request, thumbprint: parseCertificate(raw)?.thumbprint ?? '' })
      response.writeHead(answer.status, { 'x-ms-request-id': '0'.repeat(32) }).end(answer.body)
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
after(() => {
  server.closeAllConnections()
  server.close()
})

describe('the client of the API', () => {
  it('shows the certificate of the publish settings and names a version (R-3, R-12)', async () => {
    answer = { status: 202, body: '' }
    const fabric = openServiceManagement(api(address()))
    assert.equal(await fabric.restartInstance('reboot', 'My Shop', 'Staging', 'Web_IN_0'), '0'.repeat(32))
    const { request, thumbprint } = asked.at(-1) as (typeof asked)[number]
    assert.equal(thumbprint, parseCertificate(user.certificatePem)?.thumbprint)
    assert.equal(request.headers['x-ms-version'], '2017-01-01')
    assert.equal(
      `${request.method} ${request.url}`,
      `POST /${subscriptionId}/services/hostedservices/My%20Shop/deploymentslots/Staging/roleinstances/Web_IN_0?comp=reboot`,
    )
  })

  it('takes a name for one segment of a path, whatever stands in it', async () => {
    answer = { status: 202, body: '' }
    const fabric = openServiceManagement(api(address()))
    await fabric.deleteService('nope/../crash', false)
    assert.equal(asked.at(-1)?.request.url, `/${subscriptionId}/services/hostedservices/nope%2F..%2Fcrash`)
    const count = asked.length
    for (const name of ['..', '.', ''])
      await assert.rejects(fabric.deleteService(name, false), {
        message: `"${name}" is no name of a service. Write its name.`,
        exitCode: 2,
      })
    assert.equal(asked.length, count)
  })

  it('says what to type where the server speaks of its own requests', async () => {
    const message = 'Delete the deployment first, or delete the service with comp=media.'
    answer = { status: 409, body: errorDocument.write({ code: 'ConflictError', message }) }
    await assert.rejects(openServiceManagement(api(address())).deleteService('shop', false), {
      message: /delete the service with --with-deployments\. \(/,
    })
  })

  it('passes on the sentence of a refusal, with its status and code (section 6)', async () => {
    const message = 'The specified deployment slot Production is occupied.'
    answer = { status: 409, body: errorDocument.write({ code: 'ConflictError', message }) }
    await assert.rejects(openServiceManagement(api(address())).deleteDeployment('shop', 'Production'), (error) => {
      assert.ok(error instanceof ApiRefusal)
      assert.equal(error.message, `${message} (DeleteDeployment was answered with 409 ConflictError.)`)
      return error.status === 409 && error.code === 'ConflictError'
    })
  })

  it('takes a missing service for an answer, not for a fault', async () => {
    answer = { status: 404, body: errorDocument.write({ code: 'ResourceNotFound', message: 'no' }) }
    assert.equal(await openServiceManagement(api(address())).service('shop'), undefined)
  })

  it('says how to trust a server whose authority it does not know', async () => {
    await assert.rejects(api(address(), selfSignedCertificate('other').certificatePem).send('ListLocations'), {
      message:
        /^ListLocations: the certificate of https:.* is not trusted \(.*\)\. Name the fabric's authority\.pem with --ca\.$/,
    })
  })

  it('says that nothing answers where nothing does', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const url = `https://127.0.0.1:${(closed.address() as { port: number }).port}`
    closed.close()
    await assert.rejects(api(url).send('ListLocations'), {
      message: `Nothing answers at ${url}. Start the fabric with "reddog up --data there".`,
    })
  })
})

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { setDefaultCACertificates } from 'node:tls'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { subscriptionId } from './front-end-process.ts'

type Answer = Readonly<Record<string, unknown>>
type Group = Readonly<Record<string, (...given: readonly unknown[]) => { end(): void } | undefined>>

/** The published clients, as far as they are used here; they have no types of their own. */
interface Client {
  longRunningOperationInitialTimeout: number
  longRunningOperationRetryTimeout: number
}

interface Compute extends Client {
  readonly hostedServices: Group
  readonly deployments: Group
  readonly operatingSystems: Group
  readonly serviceCertificates: Group
}

interface Network extends Client {
  readonly reservedIPs: Group
}

type NewClient<One> = (credentials: object, baseUri: string) => One
type NewCredentials = new (credentials: object) => object

const require = createRequire(import.meta.url)
const { createComputeManagementClient } = require('azure-asm-compute') as Record<string, NewClient<Compute>>
const { createNetworkManagementClient } = require('azure-asm-network') as Record<string, NewClient<Network>>
const { CertificateCloudCredentials } = require('azure-common') as Record<string, NewCredentials>
assert.ok(createComputeManagementClient && createNetworkManagementClient && CertificateCloudCredentials)
const newCompute = createComputeManagementClient
const newNetwork = createNetworkManagementClient
const Credentials = CertificateCloudCredentials

/** azure-asm-compute and azure-asm-network, unmodified, signed in at a front end: each group of operations as a function of name and arguments. */
export function asmClient(house: {
  readonly url: string
  readonly authority: KeyAndCertificate
  readonly management: KeyAndCertificate
}) {
  const { certificatePem, keyPem } = house.management
  // As a user would by NODE_EXTRA_CA_CERTS.
  setDefaultCACertificates([house.authority.certificatePem])
  const credentials = new Credentials({ subscriptionId, cert: certificatePem, key: keyPem })
  const client = newCompute(credentials, house.url)
  const network = newNetwork(credentials, house.url)
  for (const one of [client, network]) {
    one.longRunningOperationInitialTimeout = 0
    one.longRunningOperationRetryTimeout = 0
  }
  return {
    services: callable(client.hostedServices),
    deployments: callable(client.deployments),
    systems: callable(client.operatingSystems),
    certificates: callable(client.serviceCertificates),
    reservedIPs: callable(network.reservedIPs),
    operationStatus: callable(client as unknown as Group),
  }
}

function callable(group: Group): (name: string, ...given: readonly unknown[]) => Promise<Answer> {
  return (name, ...given) =>
    new Promise((resolve, reject) => {
      const stream = group[name]?.(...given, (error: Error | null, answer: Answer) =>
        error ? reject(error) : resolve(answer),
      )
      // The client sends a POST without a body only when the stream that it gives back is ended.
      stream?.end()
    })
}

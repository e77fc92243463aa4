/** Machines of a fabric with their gates to the Blob service, each gate a process. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { MachineView } from '../../src/fabric/contract/machines.ts'
import type { BlobGateOptions } from '../../src/machine/blob-gate/options.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { certificateMarks } from '../../src/machine/certificates/fingerprint.ts'
import type { TlsMaterial } from '../../src/machine/http/tls.ts'
import { until } from '../until.ts'

const main = join(import.meta.dirname, '../../src/machine/blob-gate/main.ts')

export interface Gate {
  readonly name: string
  readonly process: ChildProcess
  /** `127.0.0.1:PORT` of its inner door. */
  readonly inner: { readonly port: number }
}

export interface Gates {
  /** One port stands for 9446 of every candidate: each has an address of its own. */
  readonly outerPort: number
  /** A machine's gate; `service`: the port of its Blob service, of a candidate. */
  start(name: string, service?: number): Promise<Gate>
  certificate(commonName: string): TlsMaterial
  /** Tells all gates who is master, and that these machines are in the fabric; absent: all that were started. */
  tell(master: string, among?: readonly string[]): void
  addressOf(name: string): string
}

export function makeGates(t: TestContext, outerPort: number): Gates {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-gates-'))
  const authority = makeAuthority('test fabric')
  const views = new Map<string, MachineView>()
  const machinesFile = join(directory, 'machines.json')
  const children: ChildProcess[] = []
  t.after(async () => {
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    rmSync(directory, { recursive: true, force: true })
  })
  const numbers = new Map<string, number>()
  const addressOf = (name: string) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size + 2)
    return `127.210.7.${numbers.get(name)}`
  }
  const certificate = (commonName: string): TlsMaterial => {
    const made = issueCertificate(authority, { commonName, usage: 'both' })
    return { ca: authority.certificatePem, cert: made.certificatePem, key: made.keyPem }
  }
  return {
    outerPort,
    certificate,
    addressOf,
    tell(master, among = [...views.keys()]) {
      const machines = among.flatMap((name) => views.get(name) ?? [])
      writeFileSync(`${machinesFile}.fresh`, JSON.stringify({ master, machines }))
      renameSync(`${machinesFile}.fresh`, machinesFile)
    },
    async start(name, service) {
      const material = certificate(`machine:${name}`)
      const files = {
        ca: join(directory, 'ca.pem'),
        cert: join(directory, `${name}.pem`),
        key: join(directory, `${name}.key`),
      }
      for (const part of ['ca', 'cert', 'key'] as const) writeFileSync(files[part], material[part])
      views.set(name, {
        name,
        address: addressOf(name),
        number: 10 + views.size,
        controller: service !== undefined,
        version: '1',
        certificates: [certificateMarks(material.cert).fingerprint],
      })
      const readyFile = join(directory, `${name}.ready`)
      const options: BlobGateOptions = {
        machine: name,
        inner: { address: '127.0.0.1', port: 0 },
        candidate:
          service === undefined
            ? undefined
            : {
                outer: { address: addressOf(name), port: outerPort },
                service: { address: '127.0.0.1', port: service },
              },
        outerPort,
        tls: files,
        machinesFile,
        readyFile,
        logFile: join(directory, `${name}.log`),
      }
      const file = join(directory, `${name}.json`)
      writeFileSync(file, JSON.stringify(options))
      const child = spawn(process.execPath, [main, file], { stdio: ['ignore', 'inherit', 'inherit'] })
      children.push(child)
      await until(() => existsSync(readyFile) || child.exitCode !== null, `the gate of ${name} is open`)
      return { name, process: child, inner: { port: JSON.parse(readFileSync(readyFile, 'utf8')).inner } }
    },
  }
}

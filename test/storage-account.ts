/** A storage account with its Blob and Table services, for tests: Azurite as it comes, read by the public libraries. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { TableClient } from '@azure/data-tables'
import { BlobServiceClient } from '@azure/storage-blob'
import { until } from './until.ts'

const program = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')
export const accountName = 'logs'
export const accountKey = Buffer.alloc(64, 7).toString('base64')

export type Row = Readonly<Record<string, unknown>> & { readonly partitionKey: string; readonly rowKey: string }

export interface StorageAccount {
  readonly connectionString: string
  /** All rows of a table, by their keys; none while there is no such table. Numbers of 64 bits are bigints. */
  rows(table: string): Promise<readonly Row[]>
  /** Texts of the blobs of a container, by name; none while there is no such container. */
  blobs(container: string): Promise<Readonly<Record<string, string>>>
  write(container: string, blob: string, text: string): Promise<void>
  /** Ends it; what it held is gone. */
  end(): Promise<void>
}

interface Ports {
  readonly blob: number
  readonly table: number
}

/** The command that is such an account, until it is killed; it says in its output where it listens. */
export function accountCommand(address: string, ports: Ports): readonly [string, ...string[]] {
  const hosts = ['blob', 'table', 'queue'].flatMap((service) => [`--${service}Host`, address])
  const numbers = ['--blobPort', String(ports.blob), '--tablePort', String(ports.table), '--queuePort', '0']
  const words = ['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--disableProductStyleUrl']
  return [
    'env',
    `AZURITE_ACCOUNTS=${accountName}:${accountKey}`,
    process.execPath,
    program,
    ...words,
    ...hosts,
    ...numbers,
  ]
}

/** How clients sign in to it there. */
export function connectionTo(address: string, ports: Ports): string {
  const url = (port: number) => `http://${address}:${port}/${accountName}`
  return `DefaultEndpointsProtocol=http;AccountName=${accountName};AccountKey=${accountKey};BlobEndpoint=${url(ports.blob)};TableEndpoint=${url(ports.table)};`
}

/** `ports`: where it listens, to stand where another one stood. */
export async function startStorageAccount(
  address = '127.0.0.1',
  ports: Ports = { blob: 0, table: 0 },
): Promise<StorageAccount & { readonly ports: Ports }> {
  const [file, ...words] = accountCommand(address, ports)
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const found = await listening(child)
  const connectionString = connectionTo(address, found)
  const containers = BlobServiceClient.fromConnectionString(connectionString)
  return {
    ports: found,
    connectionString,
    async rows(table) {
      const client = TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true })
      return orNone<readonly Row[]>([], () => all(client.listEntities<Row>()))
    },
    async blobs(container) {
      const client = containers.getContainerClient(container)
      return orNone<Readonly<Record<string, string>>>({}, async () => {
        const names = (await all(client.listBlobsFlat())).map(({ name }) => name)
        const text = async (name: string) =>
          [name, String(await client.getBlobClient(name).downloadToBuffer())] as const
        return Object.fromEntries(await Promise.all(names.map(text)))
      })
    },
    async write(container, blob, text) {
      await containers.getContainerClient(container).getBlockBlobClient(blob).upload(text, Buffer.byteLength(text))
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Resolves with where it listens, when it does. */
export async function listening(child: ChildProcess): Promise<Ports> {
  let said = ''
  const port = (service: string) =>
    Number(new RegExp(`${service} service is successfully listening at \\S+:(\\d+)`).exec(said)?.[1])
  child.stdout?.on('data', (piece: Buffer) => (said += piece.toString()))
  await until(() => (port('Blob') > 0 && port('Table') > 0) || child.exitCode !== null, 'Azurite serves')
  if (child.exitCode !== null) throw new Error(`Azurite does not serve: ${said}`)
  return { blob: port('Blob'), table: port('Table') }
}

async function all<Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> {
  const found: Value[] = []
  for await (const value of values) found.push(value)
  return found
}

async function orNone<Value>(none: Value, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return none
    throw error
  }
}

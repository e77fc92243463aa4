import type { TableClient, TransactionAction } from '@azure/data-tables'

/** A row as the service takes it. */
interface Row {
  readonly partitionKey: string
  readonly rowKey: string
  readonly eventTicks: bigint
  readonly columns: Readonly<Record<string, string | number>>
}

/** Transactions that are under way at once. Origin: choice; measured: more do not make Azurite faster. */
const atOnce = 4

/** How long one request may take before the account counts as away. Origin: choice. */
const limitMs = 30_000

const once = { retryOptions: { maxRetries: 1, retryDelayInMs: 500 }, userAgentOptions: { userAgentPrefix: 'reddog' } }

/** Columns that are 64-bit numbers, and those that are fractions, whatever their values look like. */
const longs = new Set(['FileTime'])
const fractions = new Set(['CounterValue'])

/**
 * Tables and containers of a storage account, made when they are first written to. The libraries are loaded at the first
 * transfer. Throws an error whose message is a sentence.
 */
export async function openStorage(account: { readonly name: string; readonly connectionString: string }) {
  const { TableClient, TableTransaction } = await import('@azure/data-tables')
  const { BlobServiceClient } = await import('@azure/storage-blob')
  const tables = new Map<string, Promise<TableClient>>()
  const containers = new Map<string, Promise<unknown>>()

  async function table(name: string): Promise<TableClient> {
    const client = TableClient.fromConnectionString(account.connectionString, name, {
      ...once,
      allowInsecureConnection: true,
    })
    await client.createTable({ abortSignal: AbortSignal.timeout(limitMs) })
    return client
  }

  const blobs = () =>
    BlobServiceClient.fromConnectionString(account.connectionString, {
      retryOptions: { maxTries: 2, tryTimeoutInMs: limitMs },
    })

  async function container(name: string): Promise<void> {
    await blobs().getContainerClient(name).createIfNotExists()
  }

  const blob = async (inside: string, name: string) => {
    await remembered(containers, inside, container)
    return blobs().getContainerClient(inside).getBlockBlobClient(name)
  }

  /** After a failure we check again what exists: an operator may have removed it. */
  async function telling<Value>(where: string, act: () => Promise<Value>): Promise<Value> {
    try {
      return await act()
    } catch (error) {
      tables.clear()
      containers.clear()
      throw new Error(`The storage account ${account.name} does not take ${where}: ${reasonOf(error)}.`, {
        cause: error,
      })
    }
  }

  return {
    insert: (name: string, transactions: readonly (readonly Row[])[]) =>
      telling(`the table ${name}`, async () => {
        const client = await remembered(tables, name, table)
        const left = [...transactions]
        const work = async () => {
          for (let rows = left.shift(); rows; rows = left.shift()) {
            const transaction = new TableTransaction()
            for (const row of rows) transaction.upsertEntity(entityOf(row), 'Replace')
            const actions: TransactionAction[] = transaction.actions
            await client.submitTransaction(actions, { abortSignal: AbortSignal.timeout(limitMs) })
          }
        }
        await Promise.all(Array.from({ length: atOnce }, work))
      }),
    upload: (inside: string, name: string, file: string) =>
      telling(`the container ${inside}`, async () => {
        await (await blob(inside, name)).uploadFile(file)
      }),
    readText: (inside: string, name: string) =>
      telling(`the container ${inside}`, async () => {
        const client = await blob(inside, name)
        if (!(await client.exists())) return undefined
        const { contentLength = 0 } = await client.getProperties()
        if (contentLength > longestText)
          throw new Error(`the blob ${name} has ${contentLength} bytes; ${longestText} are the most`)
        return (await client.downloadToBuffer()).toString('utf8')
      }),
    writeText: (inside: string, name: string, text: string) =>
      telling(`the container ${inside}`, async () => {
        await (await blob(inside, name)).uploadData(Buffer.from(text))
      }),
  }
}

/** Bytes of a configuration that is read. */
const longestText = 4 * 1024 * 1024

function entityOf({ partitionKey, rowKey, eventTicks, columns }: Row): { partitionKey: string; rowKey: string } {
  const typed = Object.entries(columns).map(([name, value]) => {
    if (longs.has(name)) return [name, { type: 'Int64', value: String(value) }]
    return [name, fractions.has(name) ? { type: 'Double', value } : value]
  })
  return {
    partitionKey,
    rowKey,
    EventTickCount: { type: 'Int64', value: String(eventTicks) },
    ...Object.fromEntries(typed),
  } as { partitionKey: string; rowKey: string }
}

function remembered<Made>(
  all: Map<string, Promise<Made>>,
  name: string,
  make: (name: string) => Promise<Made>,
): Promise<Made> {
  const made = all.get(name) ?? make(name)
  all.set(name, made)
  return made
}

/** Most characters of a library's message that are repeated. */
const longestReason = 200

/** In one line. */
function reasonOf(error: unknown): string {
  const { message, code, statusCode } = error as { message?: string; code?: string; statusCode?: number }
  const [first = ''] = String(message ?? error).split('\n')
  return [statusCode, code, first].filter(Boolean).join(' ').slice(0, longestReason)
}

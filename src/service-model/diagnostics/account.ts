/** The setting that names the storage account of Diagnostics (P-12). */
export const connectionSetting = 'Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString'

/** Where rows and files are transferred to. */
export type Account =
  | { readonly kind: 'account'; readonly name: string; readonly connectionString: string }
  /** None: a sentence gives the reason and the remedy. */
  | { readonly kind: 'none'; readonly why: string }

/** The storage account of a connection string. */
export function accountOf(connectionString: string): Account {
  const why = whyNoAccount(connectionString)
  if (why !== undefined) return { kind: 'none', why: `Nothing is transferred: ${connectionSetting} ${why}` }
  return { kind: 'account', name: partsOf(connectionString).get('accountname') as string, connectionString }
}

/** Why a connection string names no account, as the rest of a sentence that begins with the setting, and what to do. */
export function whyNoAccount(connectionString: string): string | undefined {
  const parts = partsOf(connectionString)
  if (parts.size === 0) return 'is empty. Set it to the connection string of a storage account.'
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true')
    return 'is UseDevelopmentStorage=true, the storage emulator of a development machine, which an instance has not. Set it to the connection string of a storage account.'
  const signs = parts.has('accountkey') || parts.has('sharedaccesssignature')
  if (!parts.get('accountname') || !signs)
    return 'names no AccountName with AccountKey. Set it to the connection string of a storage account.'
  return undefined
}

/** By lower-case name; a value may hold `=`. */
function partsOf(connectionString: string): ReadonlyMap<string, string> {
  const pairs = connectionString.split(';').map((part) => part.split(/=(.*)/s) as readonly string[])
  return new Map(
    pairs.flatMap(([name = '', value]) => (value === undefined ? [] : [[name.trim().toLowerCase(), value]])),
  )
}

import { connectionSetting } from '../../contract/diagnostics.ts'

/** Where rows and files are transferred to. */
export type Account =
  | { readonly kind: 'account'; readonly name: string; readonly connectionString: string }
  /** None: a sentence says why, and what to do. */
  | { readonly kind: 'none'; readonly why: string }

/** The storage account of a connection string. */
export function accountOf(connectionString: string): Account {
  const parts = partsOf(connectionString)
  const none = (what: string): Account => ({
    kind: 'none',
    why: `Nothing is transferred: ${connectionSetting} ${what}`,
  })
  if (parts.size === 0) return none('is empty. Set it to the connection string of a storage account.')
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true')
    return none(
      'is UseDevelopmentStorage=true, the storage emulator of a development machine, which an instance has not. Set it to the connection string of a storage account.',
    )
  const name = parts.get('accountname')
  const signs = parts.has('accountkey') || parts.has('sharedaccesssignature')
  if (!name || !signs)
    return none('names no AccountName with AccountKey. Set it to the connection string of a storage account.')
  return { kind: 'account', name, connectionString }
}

/** By lower-case name; a value may hold `=`. */
function partsOf(connectionString: string): ReadonlyMap<string, string> {
  const pairs = connectionString.split(';').map((part) => part.split(/=(.*)/s) as readonly string[])
  return new Map(
    pairs.flatMap(([name = '', value]) => (value === undefined ? [] : [[name.trim().toLowerCase(), value]])),
  )
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Stores in which a web server looks for its certificate. */
const machineStores = 'LocalMachine'

/** A certificate with its chain, and its key, by its thumbprint in capitals; undefined when the store does not have both. */
export function readCertificate(
  directory: string,
  thumbprint: string,
): { readonly cert: string; readonly key: string } | undefined {
  if (!/^[0-9A-F]{40}$/.test(thumbprint)) return undefined
  const stores = join(directory, machineStores)
  const store = (existsSync(stores) ? readdirSync(stores) : []).find((name) =>
    existsSync(join(stores, name, `${thumbprint}.key`)),
  )
  if (store === undefined) return undefined
  const read = (ending: string) => readFileSync(join(stores, store, `${thumbprint}${ending}`), 'utf8')
  return { cert: read('.pem'), key: read('.key') }
}

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '../failure.ts'
import { readUserFile } from './user-file.ts'

/** With what a caller signs in, and which server it trusts. */
export interface SignIn {
  /** `https://HOST[:PORT]` */
  readonly managementUrl: string
  readonly subscriptionId: string
  readonly certificatePem: string
  readonly keyPem: string
  /** The authority of the server's certificate in PEM; undefined: those that the system trusts. */
  readonly authorityPem: string | undefined
  /** The command that starts the fabric. */
  readonly start: string
}

/** The same of a fabric whose files were found. */
export interface FoundFabric extends SignIn {
  /** Path of the file that names the portal, beside the publish settings. */
  readonly portalFile: string
}

/** Reads a `.publishsettings` file (S-8); `main.ts` brings the machine's reader. */
export type ReadPublishSettings = (text: string) => readonly Omit<SignIn, 'authorityPem' | 'start'>[]

/** Names of the files in a data directory; the authority's also beside any publish settings. */
const publishSettingsName = 'reddog.publishsettings'
const authorityName = 'authority.pem'
const portalName = 'portal.url'

/**
 * Finds the fabric: by `--publish-settings FILE`, else in `--data DIR`, else in `./.reddog` (design.md 5). The authority comes
 * from `--ca FILE`, or is beside the publish settings. Throws a Failure that names the places searched.
 */
export function signIn(
  asked: {
    readonly publishSettings?: string | undefined
    readonly data?: string | undefined
    readonly ca?: string | undefined
  },
  readPublishSettings: ReadPublishSettings,
): FoundFabric {
  const file = resolve(asked.publishSettings ?? join(asked.data ?? '.reddog', publishSettingsName))
  if (!existsSync(file))
    throw new Failure(
      `No fabric was found: there is no file ${file}. Start one with "reddog up", or name one with --data DIR or --publish-settings FILE.`,
    )
  const profile = firstProfile(file, readPublishSettings)
  const start = `reddog up${asked.publishSettings === undefined && asked.data !== undefined ? ` --data ${asked.data}` : ''}`
  return { ...profile, start, authorityPem: readAuthority(file, asked.ca), portalFile: join(dirname(file), portalName) }
}

function firstProfile(file: string, readPublishSettings: ReadPublishSettings) {
  const text = readUserFile(file, 'publish settings file').toString()
  try {
    const [profile] = readPublishSettings(text)
    if (profile) return profile
  } catch (error) {
    throw new Failure(
      `${file} is no publish settings file: ${(error as Error).message.replace(/\.$/, '')}. ${otherFile}`,
    )
  }
  throw new Failure(`${file} names no subscription. ${otherFile}`)
}

const otherFile = `Name the ${publishSettingsName} of a fabric's data directory.`

function readAuthority(publishSettings: string, asked: string | undefined): string | undefined {
  const beside = join(dirname(publishSettings), authorityName)
  if (asked === undefined && !existsSync(beside)) return undefined
  return readUserFile(asked ?? beside, 'authority').toString()
}

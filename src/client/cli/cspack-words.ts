import { own } from '../../kernel/own.ts'
import { exitCodes, Failure } from '../failure.ts'

/** How an option of cspack that has a value is written for `reddog pack`. */
const respellings: Readonly<Record<string, (value: string) => readonly string[]>> = {
  out: (value) => ['--out', path(value)],
  role: roleWords,
  sites: siteWords,
  rolepropertiesfile: (value) => {
    const [role = '', file = ''] = parts(value, 'rolePropertiesFile', 'ROLE;FILE', 2)
    return ['--properties', `${role}=${path(file)}`]
  },
}

/** Those that have none. */
const flags: Readonly<Record<string, readonly string[]>> = {
  usectppackageformat: ['--format', '2012-03-15'],
  copyonly: ['--copy-only'],
}

/** What else cspack did, and what to do instead. */
const others: Readonly<Record<string, string>> = {
  generateconfigurationfile: 'Write the .cscfg by hand: `deploy` names every setting that it lacks.',
  converttoctppackage: 'Pack the sources again with /useCtpPackageFormat.',
  nosign: 'Leave it out: Reddog signs nothing.',
}

/**
 * The words of `reddog pack` for those of cspack (package-format.md 6): `/out:FILE`, `/role:ROLE;DIRECTORY[;ASSEMBLY]`,
 * `/sites:ROLE;SITE;DIRECTORY;…`, `/rolePropertiesFile:ROLE;FILE`, `/useCtpPackageFormat`, `/copyOnly`, in any case, with
 * directories in either spelling; other words as they are. Throws a Failure for an option of cspack that `pack` does not have.
 */
export function fromCspack(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    const [, name = '', value] = /^\/([a-z]+)(?::(.*))?$/is.exec(word) ?? []
    const key = name.toLowerCase()
    const other = own(others, key)
    if (other !== undefined)
      throw new Failure(`${word}: \`pack\` does not do what /${name} did. ${other}`, exitCodes.wrongUse)
    return (value === undefined ? own(flags, key) : own(respellings, key)?.(value)) ?? [word]
  })
}

function roleWords(value: string): readonly string[] {
  const [role = '', directory = '', assembly] = parts(value, 'role', 'ROLE;DIRECTORY[;ASSEMBLY]', 2)
  return ['--role', `${role}=${path(directory)}`, ...(assembly ? ['--assembly', `${role}=${assembly}`] : [])]
}

/** After the role a site, or the path of a virtual application or directory below it, and its directory, as often as wanted. */
function siteWords(value: string): readonly string[] {
  const [role = '', ...pairs] = parts(value, 'sites', 'ROLE;SITE;DIRECTORY', 3)
  return pairs.flatMap((site, index) =>
    index % 2 === 0 ? ['--site', `${role}/${site}=${path(pairs[index + 1] ?? '')}`] : [],
  )
}

function parts(value: string, name: string, form: string, least: number): readonly string[] {
  const found = value.split(';').map((part) => part.replace(/^"(.*)"$/, '$1'))
  if (found.length < least || found.slice(0, least).includes(''))
    throw new Failure(`/${name}:${value}: write /${name}:${form}.`, exitCodes.wrongUse)
  return found
}

/** Of a build script that ran on Windows. */
function path(value: string): string {
  return value.replace(/^"(.*)"$/, '$1').replaceAll('\\', '/')
}

import { type Element, parseXml, XmlError } from '../../kernel/xml.ts'
import { longestDocument, mostElements } from '../document/bounds.ts'
import { addObject } from './appcmd/add-object.ts'
import type { Answer, PoolWord } from './appcmd/answer.ts'
import { deleteObjects, objectsNamed, setObjects } from './appcmd/change-object.ts'
import { clearConfig, listConfig, lockConfig, setConfig } from './appcmd/config.ts'
import { listObjects } from './appcmd/list.ts'
import { type HostObject, type Kind, kinds } from './appcmd/objects.ts'
import { type Command, type Here, readWords } from './appcmd/read-words.ts'
import { codes, Refusal } from './appcmd/refusal.ts'
import { readApplicationHost } from './read-application-host.ts'
import { documentOf, markupOf } from './write-application-host.ts'

/** Output and exit code of appcmd, and the document after it. */
export interface Outcome {
  readonly lines: readonly string[]
  /** 0, or a system error of Windows. */
  readonly exitCode: number
  /** `applicationHost.config` after the command, where that differs. */
  readonly document?: string | undefined
  readonly poolWords: readonly PoolWord[]
}

/** The input of appcmd. */
export interface Surroundings extends Here {
  /** `applicationHost.config`. */
  readonly source: string
  /** Standard input: for `/in`, the list of another appcmd. */
  readonly input: string
}

/**
 * Carries out a command line of appcmd (I-53): it prints, returns and changes what the original would. The same words as the original, without the
 * program. The result is always a file that the web server can read.
 */
export function runAppcmd(words: readonly string[], { source, input, ...here }: Surroundings): Outcome {
  try {
    const root = rootOf(source, 'Cannot read configuration file: ')
    const { root: changed, poolWords = [], ...answer } = answerTo(root, readWords(words, here), input)
    return { ...answer, poolWords, ...(changed && { document: readable(documentOf(markupOf(changed)), source) }) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { lines: [`ERROR ( message:${error.message} )`], exitCode: error.exitCode, poolWords: [] }
  }
}

/** The document. Earlier faults in it are not this command's, which may mend them. */
function readable(document: string, source: string): string {
  const faultsOf = (text: string) => readApplicationHost(text, 'applicationHost.config').errors
  const [fault] = faultsOf(document)
  if (fault !== undefined && faultsOf(source).length === 0) throw new Refusal(codes.badParameter, fault)
  return document
}

function rootOf(source: string, context: string): Element {
  if (source.length > longestDocument)
    throw new Refusal(codes.badParameter, `${context}it has more than ${longestDocument} characters.`)
  try {
    return parseXml(source, mostElements)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new Refusal(codes.badParameter, `${context}${error.message} in line ${error.line}.`)
  }
}

function answerTo(root: Element, command: Command, input: string): Answer {
  const { verb, object } = command
  if (object === 'config' || object === 'section') return answerOnConfig(root, command)
  const kind = kinds.find((known) => known.toLowerCase() === object)
  if (kind) return answerOnObjects(root, kind, command, input)
  throw new Refusal(
    codes.notSupported,
    `The command "${verb} ${object}" is not known here; objects are ${kinds.join(', ')} and CONFIG.`,
  )
}

function answerOnConfig(root: Element, command: Command): Answer {
  switch (command.verb) {
    case 'set':
      return setConfig(root, command)
    case 'clear':
    case 'reset':
      return clearConfig(root, command)
    case 'lock':
    case 'unlock':
      return lockConfig(root, command)
    case 'list':
      return listConfig(root, command)
    default:
      throw unknownVerb(command)
  }
}

function answerOnObjects(root: Element, kind: Kind, command: Command, input: string): Answer {
  const listed = command.options.in === undefined ? undefined : namesIn(input, kind)
  const named = () => objectsNamed(root, kind, command, listed)
  const canRun = kind === 'SITE' || kind === 'APPPOOL'
  switch (command.verb) {
    case 'list':
      return listObjects(root, kind, command)
    case 'add':
      return addObject(root, kind, command)
    case 'set':
      return setObjects(root, named(), command)
    case 'delete':
      return deleteObjects(root, named())
    case 'start':
    case 'stop':
      if (canRun) return startOrStop(root, named(), command.verb)
      throw unknownVerb(command)
    case 'recycle':
      if (kind === 'APPPOOL') return recycle(named())
      throw unknownVerb(command)
    default:
      throw unknownVerb(command)
  }
}

function unknownVerb({ verb, object }: Command): Refusal {
  return new Refusal(codes.notSupported, `The verb "${verb}" is not known for "${object}".`)
}

/** Names of the objects in the output of another appcmd with `/xml`. */
function namesIn(input: string, kind: Kind): readonly string[] {
  return rootOf(input, 'Cannot read what came in: ').children.flatMap(({ local, attributes }) => {
    const name = attributes[`${kind}.NAME`]
    return local === kind && name !== undefined ? [name] : []
  })
}

/** It holds beyond the moment, as it does when an administrator of IIS stops something. */
function startOrStop(root: Element, objects: readonly HostObject[], verb: 'start' | 'stop'): Answer {
  const isStart = verb === 'start'
  const name = objects[0]?.kind === 'SITE' ? 'serverAutoStart' : 'autoStart'
  const changes = [{ kind: 'set', steps: [{ kind: 'name', name }], value: String(isStart) }] as const
  return {
    ...setObjects(root, objects, { changes }),
    lines: objects.map((one) => `"${one.name}" successfully ${isStart ? 'started' : 'stopped'}`),
    poolWords: wordsFor(objects, isStart ? 'startPool' : 'stopPool'),
  }
}

function recycle(objects: readonly HostObject[]): Answer {
  return {
    lines: objects.map(({ name }) => `"${name}" successfully recycled`),
    exitCode: 0,
    poolWords: wordsFor(objects, 'recyclePool'),
  }
}

function wordsFor(objects: readonly HostObject[], kind: PoolWord['kind']): readonly PoolWord[] {
  return objects.flatMap((one) => (one.kind === 'APPPOOL' ? [{ kind, pool: one.name }] : []))
}

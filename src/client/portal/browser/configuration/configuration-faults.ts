import { readConfiguration } from '../../../../service-model/read-configuration.ts'

/** What the fabric would say of a .cscfg by itself. */
export interface ConfigurationFaults {
  readonly errors: readonly FaultAt[]
  readonly warnings: readonly FaultAt[]
}

export interface FaultAt {
  /** From 1; undefined when it concerns the document as a whole. */
  readonly line: number | undefined
  /** In the API's own words. */
  readonly sentence: string
}

const file = 'ServiceConfiguration.cscfg'

export function configurationFaults(source: string): ConfigurationFaults {
  const { errors, warnings } = readConfiguration(source, { file })
  return { errors: errors.map(faultAt), warnings: warnings.map(faultAt) }
}

function faultAt(text: string): FaultAt {
  const [, line, sentence = text] = /^ServiceConfiguration\.cscfg(?:\((\d{1,9})\))?: ([\s\S]*)$/.exec(text) ?? []
  return { line: line === undefined ? undefined : Number(line), sentence }
}

/** The sentences about a line, for the value that stands there. */
export function sentencesAt({ errors }: ConfigurationFaults, line: number): string | undefined {
  const found = errors.filter((fault) => fault.line === line)
  return found.length === 0 ? undefined : found.map(({ sentence }) => sentence).join(' ')
}

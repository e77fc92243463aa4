import type { Element } from '../../kernel/xml.ts'
import type { EntryPoint, Runtime } from '../definition.ts'
import { choice, flag, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, one } from '../document/shape.ts'
import { readEnvironment } from './variables.ts'

/** `Runtime` of a role, plug-in or role model (2.10). */
export function readRuntime(notes: Notes, holder: Element): Runtime {
  const element = one(notes, holder, 'Runtime')
  if (!element) return { executionContext: 'limited', environment: [] }
  checkShape(notes, element, {
    attributes: ['executionContext', 'protocolVersion'],
    once: ['Environment', 'EntryPoint'],
  })
  const container = one(notes, element, 'EntryPoint')
  const entryPoint = container && readEntryPoint(notes, container)
  return placed(notes, element, {
    executionContext: choice(notes, element, 'executionContext', ['limited', 'elevated'], 'limited'),
    environment: readEnvironment(notes, element),
    ...(entryPoint && { entryPoint }),
  })
}

function readEntryPoint(notes: Notes, container: Element): EntryPoint | undefined {
  checkShape(notes, container, { once: ['NetFxEntryPoint', 'ProgramEntryPoint'] })
  const netFx = one(notes, container, 'NetFxEntryPoint')
  const program = one(notes, container, 'ProgramEntryPoint')
  if (netFx && program)
    fault(notes, container, 'EntryPoint holds a NetFxEntryPoint and a ProgramEntryPoint; keep one of them.')
  if (netFx) return placed(notes, netFx, readNetFx(notes, netFx))
  if (program) return placed(notes, program, readProgram(notes, program))
  fault(notes, container, 'EntryPoint is empty; put a NetFxEntryPoint or a ProgramEntryPoint into it.')
  return undefined
}

function readNetFx(notes: Notes, element: Element): EntryPoint {
  checkShape(notes, element, { attributes: ['assemblyName', 'targetFrameworkVersion'] })
  const targetFrameworkVersion = element.attributes['targetFrameworkVersion']
  return {
    kind: 'NetFx',
    assemblyName: text(notes, element, 'assemblyName'),
    ...(targetFrameworkVersion !== undefined && { targetFrameworkVersion }),
  }
}

function readProgram(notes: Notes, element: Element): EntryPoint {
  checkShape(notes, element, { attributes: ['commandLine', 'setReadyOnProcessStart'] })
  return {
    kind: 'Program',
    commandLine: text(notes, element, 'commandLine'),
    setReadyOnProcessStart: flag(notes, element, 'setReadyOnProcessStart'),
  }
}

import type { Element } from '../../kernel/xml.ts'
import type { StartupTask } from '../definition.ts'
import { choice, integer, text } from '../document/attributes.ts'
import { type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { readEnvironment } from './variables.ts'

interface Startup {
  /** Lower runs earlier (S-23). */
  readonly priority: number
  readonly tasks: readonly StartupTask[]
}

/** `Startup/Task` of a role, plug-in or role model (2.9, 6). */
export function readStartup(notes: Notes, holder: Element): Startup {
  const container = one(notes, holder, 'Startup')
  if (!container) return { priority: 0, tasks: [] }
  checkShape(notes, container, { attributes: ['priority'], many: ['Task'] })
  return {
    priority: integer(notes, container, 'priority', { min: -2_147_483_648, max: 2_147_483_647 }, 0),
    tasks: many(notes, container, 'Task').map((task) => readTask(notes, task)),
  }
}

function readTask(notes: Notes, element: Element): StartupTask {
  checkShape(notes, element, {
    attributes: ['commandLine', 'executionContext', 'taskType', 'relativePath'],
    once: ['Environment'],
  })
  return placed(notes, element, {
    commandLine: text(notes, element, 'commandLine'),
    executionContext: choice(notes, element, 'executionContext', ['limited', 'elevated'], 'limited'),
    taskType: choice(notes, element, 'taskType', ['simple', 'foreground', 'background'], 'simple'),
    environment: readEnvironment(notes, element),
    ...(element.attributes['relativePath'] && { relativePath: element.attributes['relativePath'] }),
  })
}

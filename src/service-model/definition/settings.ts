import type { Element } from '../../kernel/xml.ts'
import { text } from '../document/attributes.ts'
import type { Notes } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `ConfigurationSettings/Setting@name` of a role or plug-in (2.6). */
export function readSettingNames(notes: Notes, holder: Element): readonly string[] {
  const container = one(notes, holder, 'ConfigurationSettings')
  if (!container) return []
  checkShape(notes, container, { many: ['Setting'] })
  return many(notes, container, 'Setting').map((setting) => {
    checkShape(notes, setting, { attributes: ['name'] })
    return text(notes, setting, 'name')
  })
}

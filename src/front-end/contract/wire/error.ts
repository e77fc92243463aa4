import { record } from '../../../kernel/document/record.ts'
import { text } from '../../../kernel/document/scalars.ts'
import { document } from './document.ts'

/** Code and sentence of a fault, inside an operation too. */
export const errorTag = record('Error', { code: text('Code'), message: text('Message') })

/** Body of every answer with a status from 400 on (section 6). */
export const errorDocument = document(errorTag)

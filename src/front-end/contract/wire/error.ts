import { document } from './document.ts'
import { record } from './record.ts'
import { text } from './scalars.ts'

/** Code and sentence of a fault, inside an operation too. */
export const errorTag = record('Error', { code: text('Code'), message: text('Message') })

/** Body of every answer with a status from 400 on (section 6). */
export const errorDocument = document(errorTag)

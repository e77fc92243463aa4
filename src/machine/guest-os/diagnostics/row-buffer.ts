import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../replace-file.ts'

/** How far each source has been read, by its name; a source added as undefined is forgotten. */
type Marks = Readonly<Record<string, unknown>>

interface Segment {
  readonly first: number
  readonly rows: number
  readonly bytes: number
  readonly at: number
}

/** Marks as they were when the buffer had so many rows; later ones stand beside the rows. */
interface KeptMarks {
  readonly marks: Marks
  readonly rows: number
}

/** Rows on the disk, in files of one row a line, which outlive the process that writes them. */
export interface RowBuffer<Row> {
  readonly segments: () => readonly Segment[]
  readonly marks: () => Marks
  /**
   * Adds rows and their read positions, at once. `limitBytes`: when a new segment is begun. Throws when the disk does not take them, and then has
   * added nothing.
   */
  readonly append: (rows: readonly Row[], marks: Marks, limitBytes: number, now: number) => void
  /** Rows from that number on, as many as one reading takes. */
  readonly read: (from: number) => readonly (readonly [number: number, row: Row])[]
  readonly drop: (firsts: readonly number[]) => void
  readonly sent: () => { readonly sent: number; readonly transferredAt?: number | undefined }
  readonly setSent: (sent: number, at: number) => void
}

/** Bytes that are read at once: some thousand rows. Origin: choice. */
const readBytes = 1024 * 1024

const names = { marks: 'marks.json', sent: 'sent.json' } as const

/**
 * Opens the buffer of a directory. The last line of each addition contains its marks; rows behind the last such line were not
 * added whole, and are removed.
 */
export function openRowBuffer<Row>(directory: string): RowBuffer<Row> {
  mkdirSync(directory, { recursive: true })
  const fileOf = ({ first, at }: Pick<Segment, 'first' | 'at'>) =>
    join(directory, `${String(first).padStart(16, '0')}-${at}.rows`)
  const kept = (readJson(join(directory, names.marks)) as KeptMarks | undefined) ?? { marks: {}, rows: 0 }
  let { marks } = kept
  let cursor = (readJson(join(directory, names.sent)) as { sent: number; transferredAt?: number } | undefined) ?? {
    sent: 0,
  }
  let segments = segmentsIn(directory)
  /** Where the next reading begins, so that a segment is not searched through each time. */
  let place = { number: -1, first: -1, offset: 0 }

  const last = segments.at(-1)
  if (last) {
    const opened = mend(fileOf(last), kept.rows - last.first)
    marks = { ...marks, ...opened.marks }
    segments = [...segments.slice(0, -1), { ...last, rows: opened.rows, bytes: opened.bytes }]
  }

  const next = () => {
    const end = segments.at(-1)
    return end ? end.first + end.rows : cursor.sent
  }

  function keep(all: Marks): void {
    replaceFile(join(directory, names.marks), JSON.stringify({ marks: all, rows: next() } satisfies KeptMarks))
    marks = all
  }

  return {
    segments: () => segments,
    marks: () => marks,
    append(rows, added, limitBytes, now) {
      const changed = Object.entries(added).some(([name, mark]) => JSON.stringify(marks[name]) !== JSON.stringify(mark))
      if (rows.length === 0 && !changed) return
      const after = Object.fromEntries(Object.entries({ ...marks, ...added }).filter(([, mark]) => mark !== undefined))
      if (rows.length === 0) {
        keep(after)
        return
      }
      const lines = rows.map((row, index) =>
        JSON.stringify(index === rows.length - 1 ? { r: row, m: added } : { r: row }),
      )
      const text = `${lines.join('\n')}\n`
      const current = segments.at(-1)
      const isFull = !current || current.bytes >= limitBytes
      if (isFull) keep(marks)
      const end = isFull ? { first: next(), rows: 0, bytes: 0, at: now } : current
      appendWhole(fileOf(end), text, end.bytes)
      const grown = { ...end, rows: end.rows + rows.length, bytes: end.bytes + Buffer.byteLength(text) }
      segments = [...(isFull ? segments : segments.slice(0, -1)), grown]
      marks = after
    },
    read(from) {
      const segment = segments.find(({ first, rows }) => from < first + rows)
      if (!segment) return []
      const number = Math.max(from, segment.first)
      const known = place.number === number && place.first === segment.first
      const found = readRows(fileOf(segment), known ? place.offset : 0, known ? 0 : number - segment.first)
      place = { number: number + found.rows.length, first: segment.first, offset: found.offset }
      // A line written by another program is not a row.
      return found.rows.flatMap((row, index) => (row === undefined ? [] : [[number + index, row as Row] as const]))
    },
    drop(firsts) {
      for (const segment of segments) if (firsts.includes(segment.first)) rmSync(fileOf(segment), { force: true })
      segments = segments.filter(({ first }) => !firsts.includes(first))
    },
    sent: () => cursor,
    setSent(sent, at) {
      cursor = { sent, transferredAt: at }
      replaceFile(join(directory, names.sent), JSON.stringify(cursor))
    },
  }
}

/** In their order; how many rows all but the last have follows from the next one. */
function segmentsIn(directory: string): readonly Segment[] {
  const found = readdirSync(directory)
    .flatMap((name) => {
      const [, first, at] = /^(\d+)-(\d+)\.rows$/.exec(name) ?? []
      return first === undefined
        ? []
        : [{ first: Number(first), at: Number(at), bytes: statSync(join(directory, name)).size }]
    })
    .toSorted((one, other) => one.first - other.first)
  return found.map((segment, index) => ({
    ...segment,
    rows: (found[index + 1]?.first ?? segment.first) - segment.first,
  }))
}

/** Cuts off the incomplete addition. The marks are those behind the first `known` rows. */
function mend(file: string, known: number): { readonly rows: number; readonly bytes: number; readonly marks: Marks } {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const isEnd = (line: string) => line.startsWith('{"r":') && readLine(line)?.m !== undefined
  const ends = lines.slice(0, -1).findLastIndex(isEnd)
  const whole = lines.slice(0, ends + 1)
  const bytes = Buffer.byteLength(whole.map((line) => `${line}\n`).join(''))
  if (bytes < Buffer.byteLength(text)) truncateSync(file, bytes)
  const marks = whole
    .slice(Math.max(0, known))
    .reduce<Record<string, unknown>>((all, line) => Object.assign(all, readLine(line)?.m), {})
  return { rows: whole.length, bytes, marks }
}

function readLine(line: string): { readonly r: unknown; readonly m?: Marks } | undefined {
  try {
    return JSON.parse(line) as { readonly r: unknown; readonly m?: Marks }
  } catch {
    return undefined
  }
}

/** All of it or, on a full disk, nothing. */
function appendWhole(file: string, text: string, bytesBefore: number): void {
  try {
    appendFileSync(file, text)
  } catch (error) {
    if (existsSync(file)) truncateSync(file, bytesBefore)
    throw error
  }
}

/** Whole lines from a place on, without the first `skipped`; `offset`: where the next one begins. */
function readRows(
  file: string,
  offset: number,
  skipped: number,
): { readonly rows: readonly unknown[]; readonly offset: number } {
  const opened = openSync(file, 'r')
  try {
    const { size } = fstatSync(opened)
    let at = offset
    let left = skipped
    for (let bytes = readBytes; ; ) {
      const piece = Buffer.alloc(Math.min(bytes, size - at))
      const end = piece.subarray(0, readSync(opened, piece, 0, piece.length, at)).lastIndexOf(10) + 1
      if (end === 0 && at + piece.length >= size) return { rows: [], offset: at }
      // A row that is longer than one reading.
      if (end === 0) {
        bytes *= 2
        continue
      }
      const lines = piece.toString('utf8', 0, end - 1).split('\n')
      at += end
      if (lines.length > left) return { rows: lines.slice(left).map((line) => readLine(line)?.r), offset: at }
      left -= lines.length
    }
  } finally {
    closeSync(opened)
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

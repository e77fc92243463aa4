import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { beginRequest, endOf, pairsOf, pieceOf, recordReader, recordTypes } from './records.ts'
import { headEnd, longestHeadBytes, type ResponseHead, readHead } from './response-head.ts'

/** One request for a program, over a connection of its own. */
export interface Asking {
  readonly socketPath: string
  readonly variables: ReadonlyMap<string, string>
  readonly body: Readable
  readonly signal: AbortSignal
  /** Longest silence of the program, and longest time for the whole request (activityTimeout, requestTimeout). */
  readonly activityMs: number
  readonly requestMs: number
  /** Takes the program's standard error for this request. */
  readonly stderr: (piece: Buffer) => void
}

/**
 * `refused`: nothing of the request was taken; `broken`: the program has closed the connection; `late`: a time was over; `unreadable`: what it sent
 * is not an answer.
 */
export interface ConversationFault {
  readonly kind: 'refused' | 'broken' | 'late' | 'unreadable'
  readonly why: string
}

/** `over` resolves when the program has nothing more to do with the request: with true when it has answered whole. */
export interface Conversation {
  readonly answer: Promise<
    | { readonly ok: true; readonly head: ResponseHead; readonly body: Readable }
    | { readonly ok: false; readonly fault: ConversationFault }
  >
  readonly over: Promise<boolean>
}

export function converse(asking: Asking): Conversation {
  const socket = connect({ path: asking.socketPath })
  const body = new Readable({
    read: () => socket.resume(),
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  // Its reader gets its end as an error event; before there is a reader, that event must not be unhandled.
  body.on('error', () => {})
  const over = Promise.withResolvers<boolean>()
  const answer: Conversation['answer'] = new Promise((resolve) => {
    let [text, isConnected, isBegun, isWhole] = ['', false, false, false]
    const fail = (kind: ConversationFault['kind'], why: string) => {
      if (isBegun) body.destroy(new Error(why))
      else resolve({ ok: false, fault: { kind, why } })
      socket.destroy()
    }
    const limits = limitTime(socket, asking, (why) => fail('late', why))
    const pass = (content: Buffer) => {
      if (content.length > 0 && !body.push(content)) socket.pause()
    }
    const takeOutput = (content: Buffer) => {
      if (isBegun) return pass(content)
      text += content.toString('latin1')
      const found = headEnd(text)
      if (!found && text.length <= longestHeadBytes) return undefined
      if (!found || found.end > longestHeadBytes)
        return fail('unreadable', `the head of its answer is longer than ${longestHeadBytes} bytes`)
      const head = readHead(text.slice(0, found.end))
      if (!head) return fail('unreadable', `the head of its answer is none of CGI: ${text.slice(0, 200)}`)
      isBegun = true
      resolve({ ok: true, head, body })
      pass(Buffer.from(text.slice(found.body), 'latin1'))
      text = ''
    }
    const read = recordReader(({ type, content }) => {
      if (type === recordTypes.stdout) takeOutput(content)
      else if (type === recordTypes.stderr) asking.stderr(content)
      else if (type === recordTypes.end) {
        isWhole = isBegun
        if (isBegun) body.push(null)
        else fail('broken', 'it ended the request without an answer')
        socket.end()
      }
    })
    const abort = () => fail('broken', 'its client has gone')
    asking.signal.addEventListener('abort', abort)
    socket.once('connect', () => {
      isConnected = true
      sendRequest(socket, asking, limits.heard)
    })
    socket.on('data', (piece) => {
      limits.heard()
      if (!read(piece)) fail('unreadable', 'what it said is no FastCGI')
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      isConnected
        ? fail('broken', `the connection to it broke (${error.code})`)
        : fail('refused', `it takes no connection (${error.code})`),
    )
    socket.once('close', () => {
      if (!isWhole) fail('broken', 'it closed the connection before it had answered')
      limits.end()
      asking.signal.removeEventListener('abort', abort)
      over.resolve(isWhole)
    })
  })
  return { answer, over: over.promise }
}

/** `taken`: called when the program has been sent a piece, which is no silence either. */
function sendRequest(socket: Socket, { variables, body }: Asking, taken: () => void): void {
  socket.write(beginRequest())
  socket.write(Buffer.concat([pieceOf(recordTypes.params, pairsOf(variables)), endOf(recordTypes.params)]))
  body.on('data', (piece: Buffer) => {
    taken()
    if (!socket.writable || socket.write(pieceOf(recordTypes.stdin, piece))) return
    body.pause()
    socket.once('drain', () => body.resume())
  })
  body.once('end', () => socket.writable && socket.write(endOf(recordTypes.stdin)))
  body.once('error', () => socket.destroy())
}

/** The two times of a request. Silence counts only while the program is listened to. */
function limitTime(socket: Socket, { activityMs, requestMs }: Asking, late: (why: string) => void) {
  const silent = () => {
    if (socket.isPaused()) activity.refresh()
    else late(`it said nothing for ${activityMs / 1000} s (activityTimeout)`)
  }
  const activity = setTimeout(silent, activityMs)
  const request = setTimeout(() => late(`it had not answered after ${requestMs / 1000} s (requestTimeout)`), requestMs)
  return {
    heard: () => activity.refresh(),
    end: () => [activity, request].forEach((timer) => clearTimeout(timer)),
  }
}

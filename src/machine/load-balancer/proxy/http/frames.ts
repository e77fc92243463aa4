/** How much of WebSocket frames has arrived (RFC 6455, 5.2): only the end of a frame matters. */
export interface FrameProgress {
  /** Bytes of the frame's header that have arrived; 0 between two frames. */
  header: number
  /** Bytes of the extended length that are still to come, and of the masking key. */
  lengthLeft: number
  maskLeft: number
  /** Bytes of the payload that are still to come. */
  payloadLeft: number
  /** A close frame has begun: no frame may follow it. */
  closes: boolean
}

const closeOpcode = 8

export function frameProgress(): FrameProgress {
  return { header: 0, lengthLeft: 0, maskLeft: 0, payloadLeft: 0, closes: false }
}

export function isBetweenFrames(frames: FrameProgress): boolean {
  return frames.header === 0
}

/** Follows frames through `bytes`, to the end of the first one that ends there if `one`. Returns the index behind what it took. */
export function takeFrames(frames: FrameProgress, bytes: Uint8Array, one: boolean): number {
  let at = 0
  while (at < bytes.length) {
    if (isHeaderWhole(frames)) {
      const taken = Math.min(frames.payloadLeft, bytes.length - at)
      frames.payloadLeft -= taken
      at += taken
    } else takeHeaderByte(frames, bytes[at++] as number)
    if (isHeaderWhole(frames) && frames.payloadLeft === 0) {
      frames.header = 0
      if (one) return at
    }
  }
  return at
}

function isHeaderWhole({ header, lengthLeft, maskLeft }: FrameProgress): boolean {
  return header >= 2 && lengthLeft === 0 && maskLeft === 0
}

function takeHeaderByte(frames: FrameProgress, byte: number): void {
  if (frames.header === 0) frames.closes ||= (byte & 0x0f) === closeOpcode
  else if (frames.header === 1) {
    const length = byte & 0x7f
    frames.lengthLeft = length === 126 ? 2 : length === 127 ? 8 : 0
    frames.maskLeft = byte & 0x80 ? 4 : 0
    frames.payloadLeft = frames.lengthLeft === 0 ? length : 0
  } else if (frames.lengthLeft > 0) {
    frames.payloadLeft = frames.payloadLeft * 256 + byte
    frames.lengthLeft--
  } else frames.maskLeft--
  frames.header++
}

/** A close frame of a server with status 1001, going away (RFC 6455, 7.4.1). */
export function goingAway(reason: string): Buffer {
  const text = Buffer.from(reason)
  return Buffer.concat([Buffer.from([0x80 | closeOpcode, 2 + text.length, 1001 >> 8, 1001 & 0xff]), text])
}

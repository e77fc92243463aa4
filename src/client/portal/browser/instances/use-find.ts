import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { type Chosen, type Match, matchesIn, placeOf } from './find-in-log.ts'
import type { LogWindow } from './log-window.ts'

export interface Find {
  readonly text: string
  readonly matches: readonly Match[]
  /** Place of the current one among them; -1 when there is none. */
  readonly at: number
  /** Another number whenever the current one is to be shown. */
  readonly jump: number
  look(text: string): void
  /** To the next one or the one before, round the end. */
  step(by: 1 | -1): void
}

const noLines: LogWindow = { lines: [], first: 0, begin: 0, end: 0, characters: 0 }

/** Looks for a text in the lines that are shown. Typing goes before finding. */
export function useFind(window: LogWindow = noLines): Find {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<Chosen>()
  const [jump, setJump] = useState(0)
  const wanted = useDeferredValue(text)
  const { lines, first } = window
  const matches = useMemo(() => matchesIn(lines, wanted), [lines, wanted])
  const at = placeOf(matches, first, chosen)
  const look = useCallback((next: string) => {
    setText(next)
    setChosen(undefined)
    setJump((number) => number + 1)
  }, [])
  const step = useCallback(
    (by: 1 | -1) => {
      const next = matches[(at + by + matches.length) % matches.length]
      if (!next) return
      setChosen({ line: next.row + first, start: next.start })
      setJump((number) => number + 1)
    },
    [matches, at, first],
  )
  return { text, matches, at, jump, look, step }
}

import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { type Match, marked } from './find-in-log.ts'
import { type LogWindow, shownRow } from './log-window.ts'

/** Height of a row, in pixels. */
const rowHeight = 18

const useStyles = makeStyles({
  scroller: {
    height: 'clamp(18rem, 100vh - 31rem, 60rem)',
    overflow: 'auto',
    overflowAnchor: 'none',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: `${rowHeight}px`,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  rows: { position: 'relative', minWidth: 'max-content' },
  seen: { padding: `0 ${tokens.spacingHorizontalM}` },
  row: { height: `${rowHeight}px`, whiteSpace: 'pre' },
  found: { backgroundColor: tokens.colorPaletteYellowBackground2, color: tokens.colorNeutralForeground1 },
  current: { backgroundColor: tokens.colorBrandBackground, color: tokens.colorNeutralForegroundOnBrand },
})

interface Lines {
  readonly window: LogWindow
  readonly matches: readonly Match[]
  readonly current: Match | undefined
  /** Another number whenever `current` is to be seen. */
  readonly jump: number
  readonly label: string
}

/** The lines of a log, of which only those are made that are seen. It stays at its end while the reader is there. */
export function LogLines({ window, matches, current, jump, label }: Lines) {
  const styles = useStyles()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: window.lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  })
  useKeptPlace(scroller, window)
  // The same match has other numbers when lines come before it; only another one, or the same chosen again, is scrolled to.
  const found = useRef(current)
  found.current = current
  useEffect(() => {
    if (jump > 0 && found.current) rows.scrollToIndex(found.current.row, { align: 'center' })
  }, [jump, rows])
  const byRow = useMemo(() => Map.groupBy(matches, ({ row }) => row), [matches])
  const seen = rows.getVirtualItems()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by the keyboard.
    <div
      ref={scroller}
      className={styles.scroller}
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      lang="en"
    >
      <div className={styles.rows} style={{ height: rows.getTotalSize() }}>
        <div className={styles.seen} style={{ transform: `translateY(${seen[0]?.start ?? 0}px)` }}>
          {seen.map(({ index }) => (
            <div key={index + window.first} className={styles.row}>
              {marked(shownRow(window.lines[index] ?? ''), byRow.get(index) ?? []).map(({ text, match }, at) =>
                match ? (
                  <mark key={at} className={mergeClasses(styles.found, match === current && styles.current)}>
                    {text}
                  </mark>
                ) : (
                  text
                ),
              )}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

/** Keeps what the reader looks at where it is when lines come or go before it, and follows the end when that is looked at. */
function useKeptPlace(scroller: { readonly current: HTMLDivElement | null }, { first, lines, end }: LogWindow) {
  const before = useRef({ first, isAtEnd: true })
  useEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const remember = () => {
      const { scrollTop, clientHeight, scrollHeight } = element
      before.current.isAtEnd = scrollTop + clientHeight >= scrollHeight - 2 * rowHeight
    }
    element.addEventListener('scroll', remember, { passive: true })
    return () => element.removeEventListener('scroll', remember)
  }, [scroller])
  // Before it is painted, so that nothing is seen to jump.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    if (before.current.isAtEnd && first >= before.current.first) element.scrollTop = element.scrollHeight
    else element.scrollTop += (before.current.first - first) * rowHeight
    before.current.first = first
  }, [scroller, first, lines, end])
}

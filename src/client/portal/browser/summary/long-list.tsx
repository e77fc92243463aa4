import { makeStyles } from '@fluentui/react-components'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, position: 'relative' },
  item: { position: 'absolute', top: 0, left: 0, right: 0 },
})

/** How many are made beyond the edges of the window: a short list is there as a whole. */
const beyond = 15

interface LongListProps<Item> {
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** About how high an item is, in pixels. */
  readonly itemHeight: number
  readonly children: (item: Item) => ReactNode
}

/** A list of which only those items exist that the window shows: it may have a thousand of them, and scrolls all the same. */
export function LongList<Item>({ items, keyOf, itemHeight, children }: LongListProps<Item>) {
  const styles = useStyles()
  const list = useRef<HTMLUListElement>(null)
  const top = useTop(list)
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => itemHeight,
    getItemKey: (index) => keyOf(items[index] as Item),
    overscan: beyond,
    scrollMargin: top,
    useFlushSync: false,
  })
  return (
    <ul ref={list} className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ key, index, start }) => (
        <li
          key={key}
          ref={virtualizer.measureElement}
          data-index={index}
          className={styles.item}
          style={{ transform: `translateY(${start - top}px)` }}
          aria-setsize={items.length}
          aria-posinset={index + 1}
        >
          {children(items[index] as Item)}
        </li>
      ))}
    </ul>
  )
}

/** How far below the top of the page it begins, in pixels, whatever grows above it. */
function useTop(of: { readonly current: HTMLElement | null }): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = () => setTop(Math.round((of.current?.getBoundingClientRect().top ?? 0) + scrollY))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [of])
  return top
}

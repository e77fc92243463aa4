import { Button, type ButtonProps, Tooltip, useRestoreFocusTarget } from '@fluentui/react-components'
import { type MouseEvent, useState } from 'react'
import { useHref, useNavigate } from 'react-router'

interface ActionButtonProps extends Pick<ButtonProps, 'appearance' | 'icon' | 'size'> {
  readonly children: string
  /** Why it cannot be used now: it stays reachable, and says so. */
  readonly hindrance?: string | undefined
  readonly onClick?: () => void
}

/** A button that says why when it cannot be used. It stays the same button: focus that is on it, or comes back to it, is kept. */
export function ActionButton({ hindrance, onClick, children, ...look }: ActionButtonProps) {
  const restoreFocus = useRestoreFocusTarget()
  const [isPointedAt, setIsPointedAt] = useState(false)
  const isHindered = hindrance !== undefined
  return (
    <Tooltip
      content={hindrance ?? ''}
      relationship={isHindered ? 'description' : 'inaccessible'}
      visible={isHindered && isPointedAt}
      onVisibleChange={(_, { visible }) => setIsPointedAt(visible)}
    >
      <Button {...look} {...restoreFocus} disabledFocusable={isHindered} {...(onClick && { onClick })}>
        {children}
      </Button>
    </Tooltip>
  )
}

/** A button that leads to another page; a link for whom wants it in another tab. */
export function LinkButton({ to, ...rest }: Omit<ActionButtonProps, 'onClick'> & { readonly to: string }) {
  const href = useHref(to)
  const navigate = useNavigate()
  const { hindrance, children, ...look } = rest
  if (hindrance !== undefined) return <ActionButton {...rest} />
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    void navigate(to)
  }
  return (
    <Button {...look} as="a" href={href} onClick={follow}>
      {children}
    </Button>
  )
}

import { makeStyles, NavDrawer, NavDrawerBody, NavItem } from '@fluentui/react-components'
import { CloudRegular, HistoryRegular, ServerRegular } from '@fluentui/react-icons'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'

/** Where the navigation no longer fits beside a page. */
const narrowQuery = '(max-width: 720px)'
export const narrow = `@media ${narrowQuery}`

const places = [
  { path: '/services', label: 'services', icon: <CloudRegular /> },
  { path: '/hosts', label: 'hosts', icon: <ServerRegular /> },
  { path: '/operations', label: 'operationLog', icon: <HistoryRegular /> },
] as const

const useStyles = makeStyles({ drawer: { width: '13rem', minHeight: '100%' } })

/** The main pages: beside the page where there is room, over it when it is opened where there is not. */
export function Navigation({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTranslation('shell')
  const isNarrow = useSyncExternalStore(watchWidth, () => width.matches)
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const selected = places.find(({ path }) => pathname.startsWith(path))?.path ?? '/services'
  return (
    <NavDrawer
      className={styles.drawer}
      aria-label={t('navigation')}
      type={isNarrow ? 'overlay' : 'inline'}
      open={!isNarrow || isOpen}
      onOpenChange={onClose}
      // What is always there does not come sliding in.
      {...(!isNarrow && { surfaceMotion: null })}
      selectedValue={selected}
    >
      <NavDrawerBody>
        {places.map(({ path, label, icon }) => (
          <NavItem
            key={path}
            value={path}
            href={path}
            icon={icon}
            onClick={(event: { preventDefault(): void }) => {
              event.preventDefault()
              onClose()
              void navigate(path)
            }}
          >
            {t(label)}
          </NavItem>
        ))}
      </NavDrawerBody>
    </NavDrawer>
  )
}

const width = matchMedia(narrowQuery)

function watchWidth(changed: () => void): () => void {
  width.addEventListener('change', changed)
  return () => width.removeEventListener('change', changed)
}

import { Button, MessageBar, MessageBarBody, makeStyles, Subtitle2, tokens } from '@fluentui/react-components'
import { NavigationRegular } from '@fluentui/react-icons'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, ScrollRestoration, useLocation } from 'react-router'
import { useStanding } from '../connection/connection.tsx'
import { Navigation, narrow } from './navigation.tsx'
import { Preferences } from './preferences.tsx'

const useStyles = makeStyles({
  page: { display: 'grid', gridTemplateRows: 'auto 1fr', minHeight: '100vh' },
  header: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  open: { display: 'none', [narrow]: { display: 'inline-flex' } },
  grow: { flexGrow: 1 },
  skip: {
    position: 'absolute',
    left: '-100vw',
    ':focus': { left: tokens.spacingHorizontalM, top: tokens.spacingVerticalXS, zIndex: 1 },
  },
  body: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  main: {
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    [narrow]: { padding: tokens.spacingHorizontalM },
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    // The focus comes here with a new page, to go on from; it is nothing to be worked.
    outlineStyle: 'none',
  },
})

/** What stands around every page. */
export function Frame() {
  const styles = useStyles()
  const { t } = useTranslation('shell')
  const { reached } = useStanding()
  const [isOpen, setIsOpen] = useState(false)
  const main = useFocusOfNewPages()
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <a className={styles.skip} href="#content">
          {t('skip')}
        </a>
        <Button
          className={styles.open}
          appearance="subtle"
          icon={<NavigationRegular />}
          aria-label={t('openNavigation')}
          onClick={() => setIsOpen(true)}
        />
        <Subtitle2 className={styles.grow}>{t('product')}</Subtitle2>
        <Preferences />
      </header>
      <div className={styles.body}>
        <Navigation isOpen={isOpen} onClose={() => setIsOpen(false)} />
        <main ref={main} id="content" tabIndex={-1} className={styles.main}>
          <div aria-live="polite">
            {!reached && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>{t('away')}</MessageBarBody>
              </MessageBar>
            )}
          </div>
          <Outlet />
          <ScrollRestoration />
        </main>
      </div>
    </div>
  )
}

/** Whoever follows a link by keyboard goes on in the page that it leads to, not at the top of the frame. */
function useFocusOfNewPages() {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}

import { Button, Menu, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components'
import { DarkThemeRegular, LocalLanguageRegular, SignOutRegular } from '@fluentui/react-icons'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../connection/connection.tsx'
import { type Theme, useTheme } from './appearance.tsx'
import { chooseLanguage, type Language, languages } from './language.ts'
import { signOut } from './session.ts'

const themes: readonly Theme[] = ['system', 'light', 'dark']

/** Language, theme, and the way out. */
export function Preferences() {
  const { t, i18n } = useTranslation('shell')
  const { standing } = useConnection()
  const [theme, setTheme] = useTheme()
  return (
    <>
      <Menu
        checkedValues={{ language: [i18n.language] }}
        onCheckedValueChange={(_, { checkedItems: [language] }) => void chooseLanguage(language as Language)}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<LocalLanguageRegular />} aria-label={t('language')} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {Object.entries(languages).map(([tag, name]) => (
              <MenuItemRadio key={tag} name="language" value={tag} lang={tag}>
                {name}
              </MenuItemRadio>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Menu
        checkedValues={{ theme: [theme] }}
        onCheckedValueChange={(_, { checkedItems: [next] }) => setTheme(next as Theme)}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<DarkThemeRegular />} aria-label={t('theme')} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {themes.map((one) => (
              <MenuItemRadio key={one} name="theme" value={one}>
                {t(`themes.${one}`)}
              </MenuItemRadio>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<SignOutRegular />} aria-label={t('signOut')} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => void signOut().finally(() => standing.set({ signedIn: false }))}>
              {t('signOut')}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </>
  )
}

import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'

/** Light and dark, as the system has it unless the reader chose. */
export type Theme = 'system' | 'light' | 'dark'

const storageKey = 'reddog-theme'
const darkSystem = matchMedia('(prefers-color-scheme: dark)')

const context = createContext<readonly [Theme, (theme: Theme) => void]>(['system', () => {}])

export function Appearance({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(chosen)
  const isDarkSystem = useSyncExternalStore(watchSystem, () => darkSystem.matches)
  const isDark = theme === 'dark' || (theme === 'system' && isDarkSystem)
  // What the browser draws itself, date pickers and scroll bars, is asked to look the same.
  useEffect(() => {
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light'
  }, [isDark])
  const choose = useCallback((next: Theme) => {
    localStorage.setItem(storageKey, next)
    setTheme(next)
  }, [])
  return (
    <context.Provider value={useMemo(() => [theme, choose] as const, [theme, choose])}>
      <FluentProvider theme={isDark ? webDarkTheme : webLightTheme}>{children}</FluentProvider>
    </context.Provider>
  )
}

/** The theme, and how it is chosen. */
export function useTheme() {
  return useContext(context)
}

function chosen(): Theme {
  const stored = localStorage.getItem(storageKey)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function watchSystem(changed: () => void): () => void {
  darkSystem.addEventListener('change', changed)
  return () => darkSystem.removeEventListener('change', changed)
}

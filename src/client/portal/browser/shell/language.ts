import { createInstance, type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'

const i18n = createInstance()

/** Languages that the portal speaks, each by its own name. */
export const languages = { en: 'English', ja: '日本語' } as const

export type Language = keyof typeof languages

const storageKey = 'reddog-language'

/** A reader loads the sentences of his language alone. */
const sentences: Readonly<Record<Language, () => Promise<ResourceLanguage>>> = {
  en: async () => (await import('../messages/en/messages.ts')).english,
  ja: async () => (await import('../messages/ja/messages.ts')).japanese,
}

/** The language that was chosen, else the first of the reader's that the portal speaks, else English. */
function preferred(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2))
  return wanted.find((tag): tag is Language => Object.hasOwn(languages, tag)) ?? 'en'
}

/** Resolves when there are sentences to show. */
export async function beginLanguage(): Promise<void> {
  const language = preferred()
  i18n.on('languageChanged', (now) => {
    document.documentElement.lang = now
  })
  await i18n.use(initReactI18next).init({
    resources: { [language]: await sentences[language]() },
    lng: language,
    defaultNS: 'shell',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
}

export async function chooseLanguage(language: Language): Promise<void> {
  const messages = await sentences[language]()
  for (const [namespace, found] of Object.entries(messages))
    i18n.addResourceBundle(language, namespace, found, true, true)
  localStorage.setItem(storageKey, language)
  await i18n.changeLanguage(language)
}

/**
 * Rules as people write them: those of the module's published documentation, and the shapes of public web.config files (I-30, I-49 to
 * I-52).
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Asked, ask, prepared, words } from './asking.ts'

type Row = readonly [url: string, becomes: string, asked?: Asked]

const host = (name: string): Asked => ({ headers: { host: name } })
const files = (...all: readonly string[]): Asked => ({ files: all.map((file) => `/approot${file}`) })

const article = `
  <rule name="Rewrite to article.aspx">
    <match url="^article/([0-9]+)/([_0-9a-z-]+)" />
    <action type="Rewrite" url="article.aspx?id={R:1}&amp;title={R:2}" />
  </rule>`

const examples: Readonly<Record<string, { readonly rules: string; readonly rows: readonly Row[] }>> = {
  'articles, the walkthrough of the documentation': {
    rules: `<rules>
      <rule name="Fail bad requests">
        <match url=".*"/>
        <conditions><add input="{HTTP_HOST}" pattern="localhost" negate="true" /></conditions>
        <action type="AbortRequest" />
      </rule>
      <rule name="Redirect from blog">
        <match url="^blog/([_0-9a-z-]+)/([0-9]+)" />
        <action type="Redirect" url="article/{R:2}/{R:1}" redirectType="Found" />
      </rule>${article}</rules>`,
    rows: [
      ['/article/234/some-title', '/article.aspx?id=234&title=some-title', host('localhost')],
      ['/article/234/some-title?a=1', '/article.aspx?id=234&title=some-title&a=1', host('localhost')],
      ['/blog/some-other-title/323', '302 /article/323/some-other-title', host('localhost')],
      ['/article/234/some-title', 'abort', host('127.0.0.1')],
      ['/other', 'none', host('localhost')],
    ],
  },
  'a subdomain as a directory': {
    rules: `<rules><rule name="Rewrite subdomain">
      <match url="^(.+)" />
      <conditions><add input="{HTTP_HOST}" pattern="^([^.]+)\\.mysite\\.com$" /></conditions>
      <action type="Rewrite" url="{C:1}/{R:1}" />
    </rule></rules>`,
    rows: [
      ['/a/b.htm', '/blog/a/b.htm', host('blog.mysite.com')],
      ['/', 'none', host('blog.mysite.com')],
    ],
  },
  'the canonical host, in lower case': {
    rules: `<rules><rule name="Redirect to canonical url">
      <match url="^(.+)" />
      <conditions><add input="{HTTP_HOST}" pattern="^www\\.mysite\\.com$" negate="true" /></conditions>
      <action type="Redirect" url="http://www.mysite.com/{ToLower:{R:1}}" redirectType="Found" />
    </rule></rules>`,
    rows: [
      ['/Some/Page.ASPX?Q=1', '302 http://www.mysite.com/some/page.aspx?Q=1', host('mysite.com')],
      ['/Some/Page.ASPX', 'none', host('WWW.MYSITE.COM')],
    ],
  },
  'UrlEncode and UrlDecode': {
    rules: `<rules>
      <rule name="UrlEncode" stopProcessing="true">
        <match url="resume" /><action type="Rewrite" url="default.aspx?name={UrlEncode:résumé}"/>
      </rule>
      <rule name="UrlDecode">
        <match url="default.aspx" />
        <conditions><add input="{UrlDecode:{QUERY_STRING}}" pattern="résumé" /></conditions>
        <action type="Rewrite" url="default.aspx?type=resume" appendQueryString="false" />
      </rule></rules>`,
    rows: [
      ['/resume', '/default.aspx?name=r%C3%A9sum%C3%A9'],
      ['/default.aspx?r%C3%A9sum%C3%A9', '/default.aspx?type=resume'],
      ['/default.aspx?%ff', 'none'],
    ],
  },
  'a map of rewrites': {
    rules: `<rewriteMaps><rewriteMap name="StaticRewrites" defaultValue="">
        <add key="/diagnostics" value="/default.aspx?tabid=2&amp;subtabid=29" />
        <add key="/php" value="/default.aspx?tabid=7116" />
      </rewriteMap></rewriteMaps>
      <rules><rule name="Rewrite Rule">
        <match url=".*" />
        <conditions><add input="{StaticRewrites:{REQUEST_URI}}" pattern="(.+)" /></conditions>
        <action type="Rewrite" url="{C:1}"/>
      </rule></rules>`,
    rows: [
      ['/diagnostics', '/default.aspx?tabid=2&subtabid=29'],
      ['/PHP', '/default.aspx?tabid=7116'],
      ['/php?x', 'none'],
      ['/default.aspx', 'none'],
    ],
  },
  'maps of redirects, and one asked with a capture': {
    rules: `<rewriteMaps>
        <rewriteMap name="StaticRedirects"><add key="/old-article.aspx?id=1" value="/article.aspx?id=1" /></rewriteMap>
        <rewriteMap name="IDtoTitleMap"><add key="2" value="some-title-2" /></rewriteMap>
      </rewriteMaps>
      <rules>
        <rule name="Redirect Rule" stopProcessing="true">
          <match url=".*" />
          <conditions><add input="{StaticRedirects:{REQUEST_URI}}" pattern="(.+)" /></conditions>
          <action type="Redirect" url="http://localhost{C:1}" appendQueryString="False" redirectType="Permanent" />
        </rule>
        <rule name="Query String Rule" stopProcessing="true">
          <match url="^article\\.aspx$" />
          <conditions>
            <add input="{QUERY_STRING}" pattern="(?:^|&amp;)id=([0-9]+)(?:&amp;|$)" />
            <add input="{IDtoTitleMap:{C:1}}" pattern="(.+)" />
          </conditions>
          <action type="Redirect" url="article.aspx?title={C:1}" appendQueryString="False" redirectType="Permanent" />
        </rule>
      </rules>`,
    rows: [
      ['/old-article.aspx?id=1', '301 http://localhost/article.aspx?id=1'],
      ['/article.aspx?a=b&id=2', '301 /article.aspx?title=some-title-2'],
      ['/article.aspx?id=9', 'none'],
    ],
  },
  'captures of all conditions': {
    rules: `<rules>
      <rule name="all" stopProcessing="true">
        <match url="^all/" />
        <conditions trackAllCaptures="true">
          <add input="{REQUEST_URI}" pattern="^/all/([a-zA-Z]+)/([0-9]+)/" />
          <add input="{QUERY_STRING}" pattern="p2=([a-z]+)" />
        </conditions>
        <action type="Rewrite" url="/x/{C:1}/{C:2}/{C:3}{C:0}" appendQueryString="false" />
      </rule>
      <rule name="last">
        <match url="^article\\.aspx" />
        <conditions>
          <add input="{QUERY_STRING}" pattern="p1=([0-9]+)" />
          <add input="{QUERY_STRING}" pattern="p2=([a-z]+)" />
        </conditions>
        <action type="Rewrite" url="article.aspx/{C:1}" appendQueryString="false" />
      </rule></rules>`,
    rows: [
      ['/all/article/23/?p1=123&p2=abc', '/x/article/23/abc/all/article/23/'],
      ['/article.aspx?p1=123&p2=abc', '/article.aspx/abc'],
      ['/article.aspx?p1=123', 'none'],
    ],
  },
  'MatchAny hands on what held': {
    rules: `<rules><rule name="any">
      <match url=".*" />
      <conditions logicalGrouping="MatchAny">
        <add input="{HTTP_HOST}" pattern="^(old)\\.contoso\\.com$" />
        <add input="{HTTP_USER_AGENT}" pattern="(bot)" />
      </conditions>
      <action type="Redirect" url="/by/{C:1}" redirectType="Temporary" />
    </rule></rules>`,
    rows: [
      ['/', '307 /by/bot', { headers: { 'user-agent': 'a bot' } }],
      ['/', '307 /by/old', host('old.contoso.com')],
      ['/', 'none'],
    ],
  },
  'http to https': {
    rules: `<rules><rule name="HTTP to HTTPS redirect" stopProcessing="true">
      <match url="(.*)" />
      <conditions><add input="{HTTPS}" pattern="^OFF$" /></conditions>
      <action type="Redirect" url="https://{HTTP_HOST}/{R:1}" redirectType="Permanent" />
    </rule></rules>`,
    rows: [
      ['/a%20b/c?d=e', '301 https://www.contoso.com/a%20b/c?d=e'],
      ['/a', 'none', { variables: { HTTPS: 'on' } }],
    ],
  },
  'with a slash at the end, and lower case: templates of the module': {
    rules: `<rules>
      <rule name="lower case" stopProcessing="true">
        <match url="[A-Z]" ignoreCase="false" /><action type="Redirect" url="{ToLower:{URL}}" />
      </rule>
      <rule name="AddTrailingSlash" stopProcessing="true">
        <match url="(.*[^/])$" />
        <conditions>
          <add input="{REQUEST_FILENAME}" matchType="IsDirectory" negate="true" />
          <add input="{REQUEST_FILENAME}" matchType="IsFile" negate="true" />
        </conditions>
        <action type="Redirect" redirectType="Permanent" url="{R:1}/" />
      </rule></rules>`,
    rows: [
      ['/About?X=Y', '301 /about?X=Y'],
      ['/about?X=Y', '301 /about/?X=Y'],
      ['/about/', 'none'],
      ['/site.css', 'none', files('/site.css')],
    ],
  },
  'the user-friendly URL, both ways: template of the module': {
    rules: `<rules>
      <rule name="RedirectUserFriendlyURL1" stopProcessing="true">
        <match url="^article\\.aspx$" />
        <conditions>
          <add input="{REQUEST_METHOD}" pattern="^POST$" negate="true" />
          <add input="{QUERY_STRING}" pattern="^id=([^=&amp;]+)&amp;title=([^=&amp;]+)$" />
        </conditions>
        <action type="Redirect" url="article/{C:1}/{C:2}" appendQueryString="false" />
      </rule>
      <rule name="RewriteUserFriendlyURL1" stopProcessing="true">
        <match url="^article/([^/]+)/([^/]+)/?$" />
        <conditions>
          <add input="{REQUEST_FILENAME}" matchType="IsFile" negate="true" />
          <add input="{REQUEST_FILENAME}" matchType="IsDirectory" negate="true" />
        </conditions>
        <action type="Rewrite" url="article.aspx?id={R:1}&amp;title={R:2}" />
      </rule></rules>`,
    rows: [
      ['/article.aspx?id=1&title=x', '301 /article/1/x'],
      ['/article.aspx?id=1&title=x', 'none', { method: 'POST' }],
      ['/article/1/x/', '/article.aspx?id=1&title=x'],
    ],
  },
  'requests that are blocked': {
    rules: `<rules>
      <rule name="BlockDotDot" patternSyntax="Wildcard" stopProcessing="true">
        <match url="*/..;*/*" />
        <action type="CustomResponse" statusCode="404" statusReason="Not Found" statusDescription="" />
      </rule>
      <rule name="RequestBlockingRule1" patternSyntax="Wildcard" stopProcessing="true">
        <match url="*" />
        <conditions><add input="{URL}" pattern="*.bak" /></conditions>
        <action type="CustomResponse" statusCode="403" subStatusCode="4" statusReason="Forbidden: Access is denied."
                statusDescription="You have no permission to view {URL}." />
      </rule></rules>`,
    rows: [
      ['/a/..;b/c', '404.0 Not Found: '],
      ['/a/x.BAK', '403.4 Forbidden: Access is denied.: You have no permission to view /a/x.BAK.'],
      ['/a/x.ba', 'none'],
    ],
  },
  'iisnode: inspector, public directory, all else to server.js': {
    rules: `<rules>
      <rule name="NodeInspector" patternSyntax="ECMAScript" stopProcessing="true"><match url="^server.js\\/debug[\\/]?" /></rule>
      <rule name="StaticContent"><action type="Rewrite" url="public{REQUEST_URI}"/></rule>
      <rule name="DynamicContent">
        <conditions><add input="{REQUEST_FILENAME}" matchType="IsFile" negate="True"/></conditions>
        <action type="Rewrite" url="server.js"/>
      </rule></rules>`,
    rows: [
      ['/server.js/debug', 'none'],
      ['/css/site.css', '/public/css/site.css', files('/public/css/site.css')],
      ['/a%20b.css', '/public/a b.css', files('/public/a b.css')],
      ['/api/users', '/server.js'],
      ['/', '/server.js'],
    ],
  },
  'the template of the SDK tools: every other URL to server.js': {
    rules: `<rules><clear />
      <rule name="app" enabled="true" patternSyntax="ECMAScript" stopProcessing="true">
        <match url="iisnode.+" negate="true" />
        <conditions logicalGrouping="MatchAll" trackAllCaptures="false" />
        <action type="Rewrite" url="server.js" />
      </rule></rules>`,
    rows: [
      ['/users/1?x=y', '/server.js?x=y'],
      ['/iisnode/1.txt', 'none'],
    ],
  },
  'the front controllers of WordPress and Laravel': {
    rules: `<rules>
      <rule name="Imported Rule 1" stopProcessing="true">
        <match url="^(.*)/$" ignoreCase="false" />
        <conditions><add input="{REQUEST_FILENAME}" matchType="IsDirectory" ignoreCase="false" negate="true" /></conditions>
        <action type="Redirect" redirectType="Permanent" url="/{R:1}" />
      </rule>
      <rule name="Imported Rule 2" stopProcessing="true">
        <match url="^" ignoreCase="false" />
        <conditions>
          <add input="{REQUEST_FILENAME}" matchType="IsDirectory" ignoreCase="false" negate="true" />
          <add input="{REQUEST_FILENAME}" matchType="IsFile" ignoreCase="false" negate="true" />
        </conditions>
        <action type="Rewrite" url="index.php" />
      </rule></rules>`,
    rows: [
      ['/posts/1/', '301 /posts/1'],
      ['/posts/1', '/index.php'],
      ['/robots.txt', 'none', files('/robots.txt')],
      ['/images/', 'none', { directories: ['/approot/images/'] }],
    ],
  },
  'a single page, with what it leaves alone looked ahead for': {
    rules: `<rules><rule name="SPA" stopProcessing="true">
      <match url="^(?!api/)(?!.*\\.(?:js|css)$)(.*)$" /><action type="Rewrite" url="/index.html" />
    </rule></rules>`,
    rows: [
      ['/users/1', '/index.html'],
      ['/api/users', 'none'],
      ['/main.JS', 'none'],
    ],
  },
  'a reverse proxy': {
    rules: `<rules><rule name="ReverseProxyInboundRule1" stopProcessing="true">
      <match url="(.*)" />
      <conditions><add input="{CACHE_URL}" pattern="^(https?)://" /></conditions>
      <action type="Rewrite" url="{C:1}://127.0.0.1:3000/{R:1}" />
    </rule></rules>`,
    rows: [['/a%20b?c=d', 'to http://127.0.0.1:3000/a%20b?c=d']],
  },
  'text in the query as a path, and a path as a query': {
    rules: `<rules>
      <rule name="in" stopProcessing="true"><match url="^p/(.+)$" /><action type="Rewrite" url="show?path={UrlEncode:{R:1}}" /></rule>
      <rule name="out"><match url="^show$" />
        <conditions><add input="{QUERY_STRING}" pattern="^path=(.+)$" /></conditions>
        <action type="Redirect" url="p/{UrlDecode:{C:1}}" appendQueryString="false" redirectType="SeeOther" /></rule></rules>`,
    rows: [
      ['/p/a/b?c', '/show?path=a%2Fb&c'],
      ['/show?path=a%2Fb', '303 /p/a/b'],
    ],
  },
}

for (const [name, { rules, rows }] of Object.entries(examples))
  describe(name, () => {
    const ready = prepared(rules)
    for (const [url, becomes, asked] of rows)
      it(`${url} becomes ${becomes}`, () => assert.equal(words(ask(ready, url, asked).outcome), becomes))
  })

/** How every mail looks: text for those who read text, and HTML with the same words. */
import { Eta } from 'eta';
import type { MailContent, MailLink } from './mail-template.js';

const LONGEST_SUBJECT = 150;
const WEB = /^https?:\/\//;
// Ends lines or headers, hides, or changes the direction of text; Buffer replaces halves of characters.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title><%= it.subject %></title>
  </head>
  <body style="margin: 0; padding: 24px; background: #f4f4f5; color: #18181b; font: 16px/1.5 system-ui, sans-serif">
    <div style="max-width: 560px; margin: 0 auto; padding: 32px; background: #ffffff; border-radius: 8px">
<% for (const block of it.body) { %><% if (typeof block === 'string') { %>
      <p style="margin: 0 0 16px"><%= block %></p>
<% } else { %>
      <p style="margin: 24px 0"><a href="<%= block.url %>" target="_blank" rel="noopener noreferrer" style="display: inline-block; padding: 12px 20px; background: #18181b; color: #ffffff; border-radius: 6px; text-decoration: none"><%= block.label %></a></p>
<% } %><% } %>
      <p style="margin: 24px 0 0; color: #71717a; font-size: 13px"><%= it.app %></p>
    </div>
  </body>
</html>
`;

const eta = new Eta({ autoEscape: true, autoTrim: false });
const html = eta.compile(HTML);

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** @param name what it ends with */
export function rendered(content: MailContent, name: string): RenderedMail {
  const subject = [...plain(content.subject)].slice(0, LONGEST_SUBJECT).join('');
  const body = content.body.map((block) => (typeof block === 'string' ? plain(block) : linkOf(block)));
  const app = plain(name);
  const paragraphs = body.map((block) => (typeof block === 'string' ? block : `${block.label}:\n${block.url}`));
  const text = `${[...paragraphs, `-- \n${app}`].join('\n\n')}\n`;
  return { subject, text, html: eta.render(html, { subject, body, app }) };
}

/** In one line, of whole characters, all of which are seen where they stand. */
function plain(text: string): string {
  return Buffer.from(text).toString().replace(UNSEEN, ' ').trim();
}

function linkOf({ label, url }: MailLink): MailLink {
  if (!WEB.test(url) || !URL.canParse(url)) throw new Error('A link in a mail must be an http or https address');
  return { label: plain(label), url: new URL(url).href };
}

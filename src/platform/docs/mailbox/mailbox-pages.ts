import { Eta } from 'eta';
import type { KeptMail } from '../../mail/kept-mails.js';

const HEAD = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Mail of <%= it.title %></title>
    <link rel="icon" href="data:,">
    <style>
      body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif }
      table { width: 100%; border-collapse: collapse } td, th { padding: .4rem; text-align: left; border-bottom: 1px solid #ddd }
      iframe { width: 100%; height: 26rem; border: 1px solid #ddd } pre { padding: 1rem; background: #f4f4f5; white-space: pre-wrap }
    </style>
  </head>
  <body>
`;
const LIST = `${HEAD}    <h1>Mail of <%= it.title %></h1>
<% if (it.mails.length === 0) { %>    <p>No mail has been sent yet. Set SMTP_URL to send it to people.</p>
<% } else { %>    <table>
      <tr><th>Sent</th><th>To</th><th>Subject</th></tr>
<% for (const mail of it.mails) { %>      <tr><td><%= mail.sent_at %></td><td><%= mail.to %></td><td><a href="<%= it.path %>/<%= mail.message_id %>"><%= mail.subject %></a></td></tr>
<% } %>    </table>
<% } %>  </body>
</html>
`;
// Its links open, in windows of their own, and nothing else of it does anything.
const MAIL = `${HEAD}    <p><a href="<%= it.path %>">All mail</a></p>
    <h1><%= it.mail.subject %></h1>
    <p>From <%= it.mail.from %>, to <%= it.mail.to %>, <%= it.mail.sent_at %></p>
    <iframe title="HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="<%= it.mail.html %>"></iframe>
    <h2>Text</h2>
    <pre><%= it.mail.text %></pre>
  </body>
</html>
`;

const eta = new Eta({ autoEscape: true, autoTrim: false });
const [list, mail] = [eta.compile(LIST), eta.compile(MAIL)];

/** What both pages say: the name of the API, and the path that they are below. */
interface Where {
  title: string;
  path: string;
}

export function listPage(shown: Where & { mails: KeptMail[] }): string {
  return eta.render(list, shown);
}

export function mailPage(shown: Where & { mail: KeptMail }): string {
  return eta.render(mail, shown);
}

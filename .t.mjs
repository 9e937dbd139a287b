import { chromium } from 'playwright-core'; import http from 'node:http'; import fs from 'node:fs'; import path from 'node:path';
const types={'.html':'text/html','.js':'text/javascript','.css':'text/css','.json':'application/json','.svg':'image/svg+xml','.woff2':'font/woff2'};
let n=0; const s=http.createServer((q,r)=>{n++; const p=new URL(q.url,'http://x').pathname; const f='storybook-static'+p; fs.readFile(f,(e,d)=>{ if(e){r.writeHead(404).end('no');return;} r.writeHead(200,{'content-type':types[path.extname(f)]??'application/octet-stream'}).end(d);});}).listen(0);
const o='http://127.0.0.1:'+s.address().port+'/';
const b=await chromium.launch({executablePath:'/usr/bin/chromium'}); const c=await b.newContext(); 
for (const id of ['states-session--fresh','states-session--signed-out','states-ended--suspended','hooks-hooks--use-auth']) { n=0; const t0=Date.now(); const p=await c.newPage();
await p.goto(o+'iframe.html?id='+id+'&viewMode=story'+(process.argv[2]??'')); const t1=Date.now(); let last='';
for(;;){ const ph=await p.evaluate(()=>window.__STORYBOOK_PREVIEW__?.currentRender?.phase); if(ph!==last){console.log(id,Date.now()-t0,ph); last=ph;} if(ph==='finished'||ph==='errored')break; await new Promise(r=>setTimeout(r,20)); }
console.log(id,'goto',t1-t0,'total',Date.now()-t0,'reqs',n); await p.close(); }
await b.close(); s.close();

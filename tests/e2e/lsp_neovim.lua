-- Run by lsp_neovim in a folder with a platform. Says `all well` on standard error, or what is not, and quits.

local function say(text)
  io.stderr:write('\n' .. text .. '\n')
end

local function check(condition, what)
  if not condition then
    error(what .. ': ' .. debug.traceback(), 0)
  end
end

local function wait_for(what, condition)
  check(vim.wait(60000, condition, 20), 'in vain: ' .. what)
end

local function edit(name)
  vim.cmd('edit ' .. name)
  return vim.api.nvim_get_current_buf()
end

local client

local function attach(buffer)
  check(vim.lsp.buf_attach_client(buffer, client), 'cannot attach')
end

-- The cursor at the start of the first place of a text.
local function go(text)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  check(vim.fn.search('\\V' .. vim.fn.escape(text, '\\'), 'cW') ~= 0, 'no ' .. text)
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params or vim.lsp.util.make_position_params(), 60000)
  check(answers and answers[client], 'no answer to ' .. method)
  check(not answers[client].error, method .. ': ' .. vim.inspect(answers[client].error))
  return answers[client].result
end

local function diagnostics_of(buffer)
  return vim.tbl_map(function(each)
    return each.message:match('^[^\n]*')
  end, vim.diagnostic.get(buffer))
end

local function run()
  client = vim.lsp.start_client({ name = 'carbon', cmd = { vim.env.CARBON, 'lsp' }, root_dir = vim.fn.getcwd() })
  check(client, 'the server does not start')
  local main = edit('platform.carbon')
  attach(main)
  wait_for('initialize', function()
    return vim.lsp.get_client_by_id(client) and vim.lsp.buf_is_attached(main, client)
      and vim.lsp.get_client_by_id(client).initialized
  end)
  local can = vim.lsp.get_client_by_id(client).server_capabilities
  check(can.renameProvider and can.hoverProvider and can.completionProvider, vim.inspect(can))

  say('diagnostics: appear where something is typed, behind characters of several units, and go away')
  go('${quorum}')
  vim.cmd('normal! 2lcwquorun')
  wait_for('an error', function() return #vim.diagnostic.get(main) == 1 end)
  local found = vim.diagnostic.get(main)[1]
  check(found.code == 'C0302' and found.lnum == 9, vim.inspect(found))
  local line = vim.api.nvim_buf_get_lines(main, 9, 10, true)[1]
  check(line:sub(found.col + 1, found.end_col) == 'quorun', line:sub(found.col + 1, found.end_col))

  say('code action: the safe fix')
  go('quorun')
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {}, only = { 'quickfix' } }
  local actions = ask('textDocument/codeAction', params)
  check(#actions == 1, vim.inspect(actions))
  local encoding = vim.lsp.get_client_by_id(client).offset_encoding
  vim.lsp.util.apply_workspace_edit(actions[1].edit, encoding)
  wait_for('no error', function() return #vim.diagnostic.get(main) == 0 end)
  check(vim.api.nvim_buf_get_lines(main, 9, 10, true)[1]:find('${quorum}', 1, true), 'the fix')

  say('hover')
  go('quorum')
  local hover = ask('textDocument/hover')
  check(hover.contents.value:find('How many are needed.', 1, true) and hover.contents.value:find('3', 1, true),
    vim.inspect(hover))

  say('definition: jumps into an imported package')
  go('half(4)')
  vim.lsp.buf.definition()
  wait_for('a jump', function() return vim.api.nvim_buf_get_name(0):match('shop%.carbon$') end)
  check(vim.api.nvim_win_get_cursor(0)[1] == 2, 'the line')
  vim.cmd('buffer ' .. main)

  say('completion: fields of a body that is being typed')
  vim.api.nvim_buf_set_lines(main, -1, -1, true, { 'resource more : k8s.Deployment {', '  sp' })
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(main), 4 })
  vim.cmd('normal! $')
  params = vim.lsp.util.make_position_params()
  params.position.character = 4
  local items = vim.lsp.util.text_document_completion_list_to_complete_items(ask('textDocument/completion', params), 'sp')
  check(#items == 1 and items[1].word == 'spec = ', vim.inspect(items))
  vim.api.nvim_buf_set_lines(main, -3, -1, true, {})

  say('rename: in all files, with `moved`')
  go('config')
  vim.lsp.buf.rename('settings')
  wait_for('the new name', function()
    return vim.tbl_contains(vim.api.nvim_buf_get_lines(main, 0, -1, true), 'moved config -> settings')
  end)
  local more = vim.fn.bufnr('more.carbon')
  check(more ~= -1 and table.concat(vim.api.nvim_buf_get_lines(more, 0, -1, true), '\n'):find('settings.metadata'),
    'the other file')

  say('format')
  go('title =')
  vim.cmd('normal! 5li   ')
  vim.lsp.buf.formatting_sync(nil, 60000)
  check(vim.api.nvim_buf_get_lines(main, 4, 5, true)[1] == '  title = "dëmo 𝄞"',
    vim.api.nvim_buf_get_lines(main, 4, 5, true)[1])

  say('symbols, references')
  local symbols = ask('textDocument/documentSymbol', { textDocument = vim.lsp.util.make_text_document_params() })
  check(#vim.lsp.util.symbols_to_items(symbols, main) == 4, vim.inspect(symbols))
  go('settings')
  params = vim.lsp.util.make_position_params()
  params.context = { includeDeclaration = true }
  check(#ask('textDocument/references', params) >= 2, 'references')

  vim.cmd('wall')
  wait_for('no diagnostics', function() return #diagnostics_of(nil) == 0 end)
  vim.lsp.stop_client(client)
  wait_for('an end', function() return vim.lsp.get_client_by_id(client) == nil end)
end

local well, problem = pcall(run)
say(well and 'all well' or tostring(problem))
vim.cmd(well and 'qall!' or 'cquit!')

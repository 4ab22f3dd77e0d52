-- Run by tests/editors/run in a folder with parser/carbon.so and queries/carbon in 'runtimepath', with the paths of files
-- that parse in $FILES. Says `all well` on standard error, or what is not, and quits.
--
-- What Neovim keeps while somebody types must be the tree of the text as it then is: a scanner that looks further than it
-- says, or keeps a state that it does not write down, shows only there. Of a text with errors only that it has some is
-- compared: how tree-sitter goes on behind an error depends on what it knew before.

local function say(text)
  io.stderr:write('\n' .. text .. '\n')
end

local function fresh_tree(buffer)
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n') .. '\n'
  return vim.treesitter.get_string_parser(text, 'carbon'):parse()[1]:root():sexpr()
end

local kept_tree = function(buffer)
  return vim.treesitter.get_parser(buffer, 'carbon'):parse()[1]:root():sexpr()
end

local function is_broken(tree)
  return (tree:find('ERROR') or tree:find('MISSING')) ~= nil
end

-- Something that is typed, pasted or deleted.
local pieces = { '"', '"""', "'''", '{', '}', '[', '\nresource r : T {}\n', '\n', ' ', 'let ', '#', '${', '1', 'not ', '\\n' }

local function change(buffer)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
  local row = math.random(#lines)
  local column = math.random(0, #lines[row])
  if math.random(3) == 1 then
    local last = math.min(#lines[row], column + math.random(6))
    vim.api.nvim_buf_set_text(buffer, row - 1, column, row - 1, last, {})
  else
    local piece = vim.split(pieces[math.random(#pieces)], '\n', { plain = true })
    vim.api.nvim_buf_set_text(buffer, row - 1, column, row - 1, column, piece)
  end
end

local function run()
  math.randomseed(3)
  vim.treesitter.require_language('carbon')
  for _, name in ipairs { 'highlights', 'folds', 'indents', 'locals', 'injections' } do
    assert(vim.treesitter.get_query('carbon', name), 'no query ' .. name)
  end
  local changes, mended, colours = 0, 0, 0
  for _, path in ipairs(vim.split(vim.env.FILES, '\n')) do
    vim.cmd('edit! ' .. vim.fn.fnameescape(path))
    local buffer = vim.api.nvim_get_current_buf()
    local tree = kept_tree(buffer)
    assert(not is_broken(tree), path .. ' has an error in Neovim')
    local parser = vim.treesitter.get_parser(buffer, 'carbon')
    local query = vim.treesitter.get_query('carbon', 'highlights')
    for _ in query:iter_captures(parser:parse()[1]:root(), buffer) do
      colours = colours + 1
    end
    vim.treesitter.highlighter.new(parser)
    vim.cmd('redraw!')
    for step = 1, 40 do
      local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
      change(buffer)
      local kept, wanted = kept_tree(buffer), fresh_tree(buffer)
      local same = kept == wanted or (is_broken(kept) and is_broken(wanted))
      assert(same, path .. ', change ' .. step .. ': kept\n' .. kept .. '\nbut it is\n' .. wanted)
      changes = changes + 1
      -- What broke the text is taken back, as whoever types it would; what did not stays.
      if is_broken(wanted) then
        vim.api.nvim_buf_set_lines(buffer, 0, -1, true, before)
        assert(kept_tree(buffer) == fresh_tree(buffer), path .. ', change ' .. step .. ': taken back')
        mended = mended + 1
      end
    end
    vim.cmd('bwipeout!')
  end
  assert(colours > 1000, 'hardly a colour')
  say(changes .. ' changes, ' .. mended .. ' of them mended, ' .. colours .. ' colours')
end

local well, problem = pcall(run)
say(well and 'all well' or tostring(problem):sub(1, 4000))
vim.cmd(well and 'qall!' or 'cquit!')
